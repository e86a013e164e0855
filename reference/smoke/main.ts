import { optional, readSettings, text, url, whole, withDefault } from '../settings';
import { smoke } from './smoke';

/** End-to-end smoke test, for the pipeline and for docker-compose.test.yml: exit code 0 if all is well, else 1. */
async function main(): Promise<void> {
  const { target, release, origin, ...settings } = readSettings(process.env, {
    target: ['SMOKE_URL', url('http:', 'https:')],
    release: ['SMOKE_RELEASE', optional(text)],
    user: ['SMOKE_USER', withDefault('probe', text)],
    password: ['PROBE_PASSWORD', text],
    origin: ['SMOKE_ORIGIN', optional(url('http:', 'https:'))],
    patienceMs: ['SMOKE_PATIENCE_MS', withDefault(30_000, whole(100, 600_000))],
  });
  const page = origin ?? new URL(target).origin;
  const isWell = await smoke({ url: target, release }, { ...settings, origin: page }, (line) => console.log(line));
  process.exit(isWell ? 0 : 1);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

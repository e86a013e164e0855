import { text } from 'node:stream/consumers';
import { expectedHash } from './expected';

/** For the pipeline: fixtures by probe id as JSON on standard input, their hashes by probe id on standard output. */
async function main(): Promise<void> {
  const fixtures = Object.entries(JSON.parse(await text(process.stdin)) as Record<string, unknown>);
  const hashes = fixtures.map(([probe, fixture]) => [probe, expectedHash(fixture)]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(hashes))}\n`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

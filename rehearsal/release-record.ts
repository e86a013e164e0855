import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Release } from '../lib/model/release';
import type { SystemModel } from '../lib/model/system';
import { expectedHash } from '../reference/ai/expected';

/** What the pipeline would have written of a release before it deploys it. */
export function releaseRecord(id: string, model: SystemModel, program: (name: string) => string): Release {
  const digests = Object.keys(model.services).map((name) => [name, imageDigest(program(name), id)]);
  const fixtures = model.probes.flatMap((probe) => (probe.kind === 'fixture' ? [probe] : []));
  // The fixture is answered by the shipped function: that is the promise a release is held to.
  const expected = fixtures.map(({ id: probe, body }) => [probe, expectedHash(body)]);
  return {
    id,
    gitTag: id,
    digests: Object.fromEntries(digests),
    schema: { migration: 'none', version: '0003_expand_imports' },
    expected: Object.fromEntries(expected),
  };
}

/** Stands for an image's digest: of the program that runs, and of the release it is told to be. */
function imageDigest(path: string, release: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).update(release).digest('hex')}`;
}

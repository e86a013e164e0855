import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Release, SchemaLevel } from '../lib/model/release';
import type { SystemModel } from '../lib/model/system';
import { expectedHash } from '../reference/ai/expected';

export interface Built {
  readonly id: string;
  readonly model: SystemModel;
  readonly schema: SchemaLevel;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
}

/** What the build writes of a release before it is deployed. */
export function releaseRecord({ id, model, schema, program }: Built): Release {
  const digests = Object.keys(model.services).map((name) => [name, imageDigest(program(name), id)]);
  const fixtures = model.probes.flatMap((probe) => (probe.kind === 'fixture' ? [probe] : []));
  // The fixture is answered by the shipped function: that is the promise a release is held to.
  const expected = fixtures.map(({ id: probe, body }) => [probe, expectedHash(body)]);
  return {
    id,
    gitTag: id,
    digests: Object.fromEntries(digests),
    schema,
    expected: Object.fromEntries(expected),
  };
}

/** Stands for an image's digest: of the program that runs, and of the release it is told to be. */
function imageDigest(path: string, release: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).update(release).digest('hex')}`;
}

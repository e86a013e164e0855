import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bundleLambda } from '../../lib/bundle';

describe.each([
  ['gate', 'gate/gate.lambda.ts', 300],
  ['prober', 'prober/prober.lambda.ts', 1_500],
  ['look at what was restored', 'recovery/restore.lambda.ts', 1_500],
])('the bundle of the %s', (_, entry, mostKilobytes) => {
  const folder = bundleLambda(entry);

  test(`is at most ${mostKilobytes} KB, with a map to its sources`, () => {
    expect(statSync(join(folder, 'index.mjs')).size).toBeLessThanOrEqual(mostKilobytes * 1_000);
    expect(statSync(join(folder, 'index.mjs.map')).isFile()).toBe(true);
  });

  test('holds nothing of CDK, of the rehearsal or of the reference services', () => {
    const { sources } = JSON.parse(readFileSync(join(folder, 'index.mjs.map'), 'utf8')) as { sources: string[] };
    const foreign = /\/(aws-cdk-lib|constructs|@aws-sdk)\/|\.\.\/(rehearsal|reference|systems)\/|lib\/stacks\//;

    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((path) => foreign.test(path))).toEqual([]);
  });

  test('is a module that says at its start which variable it lacks', () => {
    const load = `await import(${JSON.stringify(join(folder, 'index.mjs'))})`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', load], {
      ...{ encoding: 'utf8', env: {} },
    });

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /environment variable (GATE|PROBER|RESTORE)_CONFIG: expected a value, got nothing; set it where/,
    );
  });
});

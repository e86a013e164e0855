import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { digestOf } from '../../lambda/probes/canonical-json';
import type { ProbeConfig } from '../../lib/model/system';
import { expectedHash } from '../../reference/ai/expected';
import { computeIndicators } from '../../reference/ai/indicators';
import { coach } from '../../systems/coach';

const probes: readonly ProbeConfig[] = coach.probes;
const FIXTURE = probes.find((probe) => probe.kind === 'fixture')!.body as { prices: number[]; window: number };

test('what an image promises for a fixture is the hash that the probe makes of its answer', () => {
  expect(expectedHash(FIXTURE)).toBe(digestOf(computeIndicators(FIXTURE)));
});

test('a fixture that is no request is refused, as the service would', () => {
  expect(() => expectedHash({ prices: [1], window: 1 })).toThrow('fixture: prices: expected 2 to 10000 numbers');
});

test('the pipeline is told the hashes by probe', () => {
  const { outputFiles } = buildSync({
    ...{ entryPoints: ['reference/ai/expected-main.ts'], bundle: true, write: false, platform: 'node', format: 'esm' },
  });
  const run = (input: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', outputFiles[0]!.text], { input, encoding: 'utf8' });

  expect(JSON.parse(run(JSON.stringify({ ai: FIXTURE })).stdout)).toEqual({ ai: expectedHash(FIXTURE) });
  expect(run('{"ai":{}}')).toMatchObject({ status: 1, stderr: 'fixture: prices: expected 2 to 10000 numbers\n' });
});

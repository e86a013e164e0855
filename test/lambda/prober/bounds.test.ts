import { expect, test } from '@jest/globals';
import { inTimeOf } from '../../../lambda/prober/bounds';
import type { ProbeConfig } from '../../../lib/model/system';

const objective = { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 1 };

function bound(boundMs: number, minuteMs: number): number {
  const probe = { id: 'import', kind: 'job', path: '/imports', queue: 'import', boundMs, objective } as const;
  return inTimeOf<typeof probe & ProbeConfig>(probe, minuteMs).boundMs;
}

test.each([
  [250, 60_000, 250],
  [60_000, 60_000, 60_000],
  [60_000, 120_000, 60_000],
  [60_000, 6_000, 6_000],
  [3_000, 6_000, 1_000],
  [250, 1_000, 500],
  [700, 1_000, 700],
  [60_000, 500, 1_000],
])('a bound of %i ms in a minute of %i ms is %i ms', (boundMs, minuteMs, expected) => {
  expect(bound(boundMs, minuteMs)).toBe(expected);
});

test('a probe without a bound stays as it is', () => {
  const probe: ProbeConfig = { id: 'success', kind: 'success', objective };

  expect(inTimeOf(probe, 1_000)).toBe(probe);
});

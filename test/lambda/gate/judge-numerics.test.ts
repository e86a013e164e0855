import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { replay } from '../../../lambda/gate/replay';
import { BENCH_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan, RateEvidence, Verdict } from '../../../lib/model/gate-plan';
import { minutesOf, pair, times } from '../../support/minutes';

const MANY = 1e7;
const DAY = 24 * 60;
const ENDLESS: Plan = { ...BENCH_PLAN_V1, alpha: 1e-12, bakeMin: DAY, hardStopMin: DAY, onHardStop: 'pause' };

const everyMinute = (canary: number, stable: number): Minute[] =>
  minutesOf(...times(DAY, { login: pair(canary, stable, MANY) }));

/** Every number that a verdict shows, by its path. */
function numbersIn(value: unknown, path = ''): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbersIn(part, `${path}.${key}`));
}

function notFinite(verdict: Verdict): string[] {
  return numbersIn(verdict)
    .filter(([path, value]) => !Number.isFinite(value) && !path.endsWith('.E'))
    .map(([path, value]) => `${path} = ${value}`);
}

describe('24 hours of ten million samples a minute', () => {
  test.each([
    ['none of which breach', 0, 0],
    ['all of which breach on both arms', MANY, MANY],
    ['all of which breach on the stable', 0, MANY],
    ['within the objective', 400_000, 400_000],
    ['at the objective', 500_000, 100_000],
    ['between objective and certificate', 600_000, 600_000],
  ])('%s: every number of the evidence stays finite', (_, canary, stable) => {
    const verdict = judge(ENDLESS, everyMinute(canary, stable));
    expect(notFinite(verdict)).toEqual([]);
    expect(verdict.minute).toBe(DAY);
    expect(verdict.evidence.E).not.toBeNaN();
  });

  test('all of which breach on the canary: rolled back in the first minute, with a number for it', () => {
    const verdict = judge(BENCH_PLAN_V1, everyMinute(MANY, 0));
    expect(verdict).toMatchObject({ verdict: 'rollback', because: 'OUTAGE', minute: 1 });
    expect(notFinite(verdict)).toEqual([]);
    expect(verdict.evidence.lnE).toBeGreaterThan(1e6);
  });

  test('of a hotfix', () => {
    const verdict = judge({ ...ENDLESS, hotfix: true }, everyMinute(600_000, 600_000));
    expect(notFinite(verdict)).toEqual([]);
    expect((verdict.evidence.probes.login as RateEvidence).certified).toBe(true);
  });
});

test('a probe that never reports leaves every number finite', () => {
  for (const verdict of replay(ENDLESS, minutesOf(...times(60, {})))) expect(notFinite(verdict)).toEqual([]);
});

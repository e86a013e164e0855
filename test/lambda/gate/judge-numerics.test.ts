import { describe, expect, test } from '@jest/globals';
import { foldMinute, judge, judgeFinalBake } from '../../../lambda/gate/judge';
import { replay } from '../../../lambda/gate/replay';
import { openTrial } from '../../../lambda/gate/trial';
import { BENCH_PLAN } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan, RateEvidence, Verdict } from '../../../lib/model/gate-plan';
import { minutesOf, pair, times } from '../../support/minutes';

const MANY = 1e7;
const DAY = 24 * 60;
const PLANS: readonly Plan[] = [BENCH_PLAN_V1, BENCH_PLAN];
const endless = (plan: Plan): Plan => ({ ...plan, alpha: 1e-12, bakeMin: DAY, hardStopMin: DAY, onHardStop: 'pause' });

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

describe.each(PLANS)('24 hours of ten million samples a minute, version $version', (PLAN) => {
  const ENDLESS = endless(PLAN);

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
    const verdict = judge(PLAN, everyMinute(MANY, 0));
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

test.each(PLANS)('a probe that never reports leaves every number finite, version $version', (PLAN) => {
  for (const verdict of replay(endless(PLAN), minutesOf(...times(60, {})))) expect(notFinite(verdict)).toEqual([]);
});

test.each(PLANS)('a trial is no larger after a day than after an hour, version $version', (PLAN) => {
  const trial = openTrial(endless(PLAN));
  const sizeAfter = (minutes: readonly Minute[]) => {
    for (const minute of minutes) foldMinute(trial, minute);
    return JSON.stringify(trial).length;
  };
  const day = minutesOf(...times(DAY, { login: pair(1, 0) }));
  const afterAnHour = sizeAfter(day.slice(0, 60));
  expect(sizeAfter(day.slice(60))).toBeLessThan(1.05 * afterAnHour);
});

test('a final bake of 24 hours with ten million samples a minute ends in a verdict, or in none', () => {
  const plan = { ...BENCH_PLAN, finalBakeMin: DAY };
  const bake = (breaches: number) => [
    ...minutesOf(...times(30, { login: pair(0, 0, MANY) })),
    ...times(DAY, 0).map((_, i) => ({ minute: 31 + i, probes: { login: pair(breaches, 0, MANY, 0) } })),
  ];
  expect(judgeFinalBake(plan, bake(400_000), 30)).toBeUndefined();
  const recall = judgeFinalBake(plan, bake(800_000), 30)!;
  expect(recall).toMatchObject({ verdict: 'rollback', because: 'EVIDENCE' });
  expect(notFinite(recall)).toEqual([]);
});

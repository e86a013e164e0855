import { describe, expect, test } from '@jest/globals';
import { lnAbs, lnLifted, type PairedCounts } from '../../lib/model/evidence/e-values';
import { alternatives, isMuted } from '../../lib/model/evidence/lanes';
import { LanesV2 } from '../../lib/model/evidence/lanes-v2';
import { BENCH_PLAN, DEFAULT_PLAN, LOGIN, SUCCESS } from '../../lib/model/gate-defaults';
import type { PlanV2 } from '../../lib/model/gate-plan';
import { binomial, type Chances, counts, INNOCENT } from '../support/enumeration';

// The promise of version 2: whatever makes a release innocent in a minute, that minute is worth at most 1 on average. Where
// outcomes are few they are all gone through; a product of such minutes is then worth at most 1 too, in any order of reasons.

const TOLERANCE = 1e-9;

const N = 6;

interface Outcome {
  readonly x: number;
  readonly y: number;
}

const OUTCOMES: readonly Outcome[] = Array.from({ length: (N + 1) ** 2 }, (_, i) => ({
  x: i % (N + 1),
  y: Math.floor(i / (N + 1)),
}));

function lanesAfter(plan: PlanV2, minutes: readonly Outcome[], promotedAfter = Infinity): LanesV2 {
  const lanes = new LanesV2(plan, LOGIN);
  for (const [i, { x, y }] of minutes.entries()) {
    if (i === promotedAfter) lanes.promote();
    const minute = counts(N, x, i >= promotedAfter ? 0 : N, i >= promotedAfter ? 0 : y);
    lanes.fold(minute, isMuted(plan.mute, LOGIN.p0, minute.stable));
  }
  return lanes;
}

describe('the evidence of a whole probe', () => {
  /** Worth of a second minute after each first one: what the reason for innocence in the second is may differ from the first. */
  function worthOfTwo(plan: PlanV2, promotedAfter?: number): (first: Chances, second: Chances) => number {
    const worth = OUTCOMES.map((first) =>
      OUTCOMES.map((second) => Math.exp(lanesAfter(plan, [first, second], promotedAfter).lnE)),
    );
    const chances = ([pC, pS]: Chances) => {
      const [chanceC, chanceS] = [binomial(N, pC), binomial(N, pS)];
      return OUTCOMES.map(({ x, y }) => chanceC[x]! * chanceS[y]!);
    };
    return (first, second) => {
      const [before, after] = [chances(first), chances(second)];
      return worth.reduce((sum, row, i) => sum + before[i]! * row.reduce((all, E, j) => all + after[j]! * E, 0), 0);
    };
  }

  const FEW = INNOCENT.filter((_, i) => i % 4 === 0);

  test.each([
    ['the benchmark plan', BENCH_PLAN],
    ['the default plan', DEFAULT_PLAN],
    ['no cap at all', { ...BENCH_PLAN, corroboration: 1, burnInCorroboration: 1 }],
    ['all on the outage lane', { ...BENCH_PLAN, outage: { limit: 0.06, weight: 0.99, restart: 1 } }],
  ])('is worth at most 1 after two minutes, whatever makes each of them innocent, with %s', (_, plan) => {
    const worth = worthOfTwo(plan);
    for (const first of FEW) for (const second of FEW) expect(worth(first, second)).toBeLessThanOrEqual(1 + TOLERANCE);
  });

  test('is worth at most 1 with its second minute in the final bake, while that one is inside its bound', () => {
    const worth = worthOfTwo({ ...BENCH_PLAN, finalBakeCorroboration: 1 }, 1);
    for (const first of FEW) expect(worth(first, [LOGIN.p0, 0])).toBeLessThanOrEqual(1 + TOLERANCE);
    expect(worth([LOGIN.p0, 0.02], [0.4, 0])).toBeGreaterThan(1);
  });

  test('grows where the canary is both over its bound and worse than the environment explains', () => {
    expect(
      worthOfTwo({ ...BENCH_PLAN, corroboration: 1, burnInCorroboration: 1 })([0.5, 0.02], [0.5, 0.02]),
    ).toBeGreaterThan(5);
  });

  test('is not moved by a minute of trouble on both arms, however bad', () => {
    const calm = lanesAfter(DEFAULT_PLAN, [
      { x: 0, y: 0 },
      { x: 0, y: 0 },
    ]).lnE;
    expect(
      lanesAfter(DEFAULT_PLAN, [
        { x: 0, y: 0 },
        { x: N, y: N },
      ]).lnE,
    ).toBeLessThan(calm + 0.3);
    expect(
      lanesAfter(DEFAULT_PLAN, [
        { x: 0, y: 0 },
        { x: N, y: 0 },
      ]).lnE,
    ).toBeGreaterThan(calm + 0.5);
  });
});

describe('stakes', () => {
  test('are three quarters on the first minute, and all placed by the end of the final bake', () => {
    const plan = { ...DEFAULT_PLAN, outage: { ...DEFAULT_PLAN.outage, weight: 0 } };
    const silent = (minutes: number, promotedAfter: number) => {
      const lanes = new LanesV2(plan, LOGIN);
      for (let i = 0; i < minutes; i++) {
        if (i === promotedAfter) lanes.promote();
        lanes.fold(counts(0, 0, 0, 0), false);
      }
      return lanes;
    };
    // Without samples nothing is won or lost, however the stakes lie.
    for (const minutes of [1, 30, 45]) expect(silent(minutes, Infinity).lnE).toBeCloseTo(0, 12);
    for (const at of [30, 45]) expect(silent(at + 10, at).lnE).toBeCloseTo(0, 12);
    // Nor is anything staked on what comes later still.
    expect(silent(30 + 15, 30).lnE).toBeCloseTo(0, 12);
    const lostAfter = (minutes: number, at: number) => {
      const lanes = silent(minutes, at);
      lanes.fold(counts(1e6, 0, 0, 0), false);
      return Math.exp(lanes.lnE);
    };
    expect(lostAfter(0, Infinity)).toBeCloseTo(0.25, 9);
    expect(lostAfter(38, 30)).toBeCloseTo(0.2 * (0.1 + (0.15 * 15) / 44) * (1 / 9), 6);
    expect(lostAfter(39, 30)).toBeLessThan(1e-6);
  });
});

describe('the cap', () => {
  test.each([
    ['of the burn-in', 1, DEFAULT_PLAN.burnInCorroboration],
    ['after it', 5, DEFAULT_PLAN.corroboration],
  ])('%s lets no minute add more than its share of the limit', (_, minute, agreeing) => {
    const plan = { ...DEFAULT_PLAN, outage: { ...DEFAULT_PLAN.outage, weight: 0 } };
    const lanes = new LanesV2(plan, LOGIN);
    for (let i = 1; i < minute; i++) lanes.fold(counts(0, 0, 0, 0), false);
    lanes.fold(counts(200, 200, 200, 0), false);
    const staked = 0.75 + ((minute - 1) * 0.15) / 44;
    const most = 1 - staked + staked * (1 / plan.alpha) ** (1 / agreeing);
    expect(Math.exp(lanes.lnE)).toBeLessThanOrEqual(most * (1 + 1e-9));
    expect(Math.exp(lanes.lnE)).toBeGreaterThan(0.9 * most);
  });

  test('of the final bake asks for four minutes', () => {
    const plan = { ...DEFAULT_PLAN, outage: { ...DEFAULT_PLAN.outage, weight: 0 } };
    const lanes = new LanesV2(plan, LOGIN);
    for (let i = 0; i < 30; i++) lanes.fold(counts(20, 0, 20, 0), false);
    lanes.promote();
    const before = lanes.lnE;
    lanes.fold(counts(200, 200, 0, 0), false);
    expect(lanes.lnE - before).toBeGreaterThan(0.5);
    expect(lanes.lnE - before).toBeLessThanOrEqual(-Math.log(plan.alpha) / 4 + 1e-9);
  });

  test('is none on the outage lane before the promotion, and no bet is made there after it', () => {
    const outageAfter = (promoted: boolean) => {
      const lanes = new LanesV2(DEFAULT_PLAN, LOGIN);
      lanes.fold(counts(20, 0, 20, 0), false);
      const before = lanes.outageAbs;
      if (promoted) lanes.promote();
      lanes.fold(counts(60, 60, 60, 0), false);
      return lanes.outageAbs - before;
    };
    expect(outageAfter(false)).toBeGreaterThan(Math.log(1 / DEFAULT_PLAN.alpha));
    expect(outageAfter(true)).toBe(0);
  });
});

test('each minute is worth the lesser of the two tests, at the rate the stable had before it', () => {
  const plan = { ...DEFAULT_PLAN, burnInMin: 0, corroboration: 1, outage: { ...DEFAULT_PLAN.outage, weight: 0 } };
  const lanes = new LanesV2(plan, SUCCESS);
  const minutes = [counts(30, 0, 30, 4), counts(30, 3, 30, 0)];
  for (const minute of minutes) lanes.fold(minute, false);
  const stakes = [0.34, 0.22, 0.17, 0.13, 0.08, 0.03, 0.03];
  const [first, later] = [0.75, 0.15 / 44];
  const worth = stakes.reduce((sum, share, j) => {
    const q = alternatives(SUCCESS.p0)[j]!;
    const gain = (minute: PairedCounts, stable: number) =>
      Math.exp(
        Math.min(
          lnAbs(q, SUCCESS.p0, minute.canary),
          lnLifted([q, Math.min(0.6 * q, Math.max(SUCCESS.p0 / 10, SUCCESS.typical, stable))], SUCCESS, minute),
        ),
      );
    const afterFirst = first * share * gain(minutes[0]!, 0.4 * SUCCESS.p0);
    return sum + (afterFirst + later * share) * gain(minutes[1]!, 4.5 / 40);
  }, 0);
  expect(Math.exp(lanes.lnE)).toBeCloseTo(worth + 1 - first - later, 9);
});

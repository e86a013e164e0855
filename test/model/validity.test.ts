import { describe, expect, test } from '@jest/globals';
import { certificateFor } from '../../lib/model/evidence/certificate';
import { lnAbs, lnNonInferior, lnRel, type PairedCounts } from '../../lib/model/evidence/e-values';
import { alternatives, isMuted } from '../../lib/model/evidence/lanes';
import { LanesV1 } from '../../lib/model/evidence/lanes-v1';
import { lnChoose } from '../../lib/model/evidence/log-space';
import { LOGIN } from '../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import type { PlanV1 } from '../../lib/model/gate-plan';

// An e-value of an innocent release has an expectation of at most 1. Where outcomes are few they are all gone through.

const TOLERANCE = 1e-9;
const LEVELS = [0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.97];

/** P(Bin(n, p) = k) for k = 0 … n. */
function binomial(n: number, p: number): readonly number[] {
  return Array.from({ length: n + 1 }, (_, k) => Math.exp(lnChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)));
}

/** Expectation of exp(ln) over one arm's breaches. */
function mean(n: number, p: number, ln: (breaches: number) => number): number {
  return binomial(n, p).reduce((sum, chance, breaches) => sum + chance * Math.exp(ln(breaches)), 0);
}

/** Chance of a breach on the canary and on the stable. */
type Chances = readonly [pC: number, pS: number];

/** Expectation of exp(ln) over both arms' breaches, as a function of their chances. */
function paired(nC: number, nS: number, ln: (counts: PairedCounts) => number): (chances: Chances) => number {
  const values = Array.from({ length: nC + 1 }, (_, x) =>
    Array.from({ length: nS + 1 }, (_, y) =>
      Math.exp(ln({ canary: { n: nC, breaches: x }, stable: { n: nS, breaches: y } })),
    ),
  );
  return ([pC, pS]) => {
    const chanceS = binomial(nS, pS);
    const rows = values.map((row) => row.reduce((sum, value, y) => sum + chanceS[y]! * value, 0));
    return binomial(nC, pC).reduce((sum, chance, x) => sum + chance * rows[x]!, 0);
  };
}

/** Pairs of levels, the canary's at most the stable's. */
const INNOCENT = LEVELS.flatMap((pS) => LEVELS.filter((pC) => pC <= pS).map((pC) => [pC, pS] as const));

describe('absolute evidence', () => {
  test.each([1, 7, 20])('of %d samples is worth at most 1 while the canary is inside its bound, and 1 on it', (n) => {
    for (const p0 of [0.01, 0.05, 0.1]) {
      for (const q of alternatives(p0)) {
        const worth = (p: number) => mean(n, p, (breaches) => lnAbs(q, p0, { n, breaches }));
        for (const p of [p0 / 100, p0 / 2, 0.9 * p0]) expect(worth(p)).toBeLessThan(1);
        expect(worth(p0)).toBeCloseTo(1, 9);
        expect(worth(1.5 * p0)).toBeGreaterThan(1);
      }
    }
  });
});

describe('relative evidence', () => {
  test.each([
    [10, 10],
    [10, 60],
    [60, 200],
  ])('of %d against %d samples is worth at most 1 while the canary is no worse, at any level', (nC, nS) => {
    for (const q of [...alternatives(0.05), 0.45, 0.6, 0.8, 0.97]) {
      for (const b of [0.005, 0.02, 0.3]) {
        const value = paired(nC, nS, (counts) => lnRel(q, Math.min(b, 0.6 * q), counts));
        for (const chances of INNOCENT) expect(value(chances)).toBeLessThanOrEqual(1 + TOLERANCE);
      }
    }
  });
});

describe('the certificate', () => {
  test.each([1, 20, 60])('of %d samples is worth at most 1 while the canary is at pTol or worse, and 1 on it', (n) => {
    for (const pTol of [0.03, 0.08, 0.25]) {
      const lnCert = certificateFor(pTol);
      const worth = (p: number) => mean(n, p, (breaches) => lnCert({ n, breaches }));
      expect(worth(pTol)).toBeCloseTo(1, 9);
      for (const p of [1.1 * pTol, 2 * pTol, 0.9]) expect(worth(p)).toBeLessThan(1);
      expect(worth(pTol / 2)).toBeGreaterThan(1);
    }
  });
});

describe('non-inferiority', () => {
  test.each([
    [5, 5],
    [10, 10],
    [8, 30],
  ])('of %d against %d samples is worth 1 at twice the odds, at any level, and less beyond', (nC, nS) => {
    for (const pS of [0.02, 0.2, 0.6]) {
      const atOdds = (ratio: number) => (ratio * pS) / (1 - pS + ratio * pS);
      const worth = (pC: number) => paired(nC, nS, lnNonInferior)([pC, pS]);
      expect(worth(atOdds(2))).toBeCloseTo(1, 9);
      expect(worth(atOdds(3))).toBeLessThan(1);
      expect(worth(atOdds(1))).toBeGreaterThan(1);
    }
  });
});

describe('the evidence of a whole probe', () => {
  const N = 6;
  const P0 = 0.05;
  const COUNTS = Array.from({ length: N + 1 }, (_, count) => count);

  /** A minute in which x of the canary's samples breach and y of the stable's. */
  interface Outcome {
    readonly x: number;
    readonly y: number;
  }

  const OUTCOMES: readonly Outcome[] = COUNTS.flatMap((x) => COUNTS.map((y) => ({ x, y })));

  function lnEvidence(plan: PlanV1, minutes: readonly Outcome[]): number {
    const lanes = new LanesV1(plan, { ...LOGIN, p0: P0 });
    for (const { x, y } of minutes) {
      const stable = { n: N, breaches: y };
      lanes.fold({ canary: { n: N, breaches: x }, stable }, isMuted(plan.mute, P0, stable));
    }
    return lanes.lnE;
  }

  /** Expectation of E after one or two minutes, over every outcome, as a function of the chances of a breach. */
  function worthAfter(plan: PlanV1, minutes: 1 | 2): (chances: Chances) => number {
    const histories =
      minutes === 1 ? OUTCOMES.map((o) => [o]) : OUTCOMES.flatMap((o) => OUTCOMES.map((next) => [o, next]));
    const values = histories.map((history) => ({ history, E: Math.exp(lnEvidence(plan, history)) }));
    return ([pC, pS]) => {
      const chanceC = binomial(N, pC);
      const chanceS = binomial(N, pS);
      const chance = (history: readonly Outcome[]) =>
        history.reduce((all, { x, y }) => all * chanceC[x]! * chanceS[y]!, 1);
      return values.reduce((sum, { history, E }) => sum + chance(history) * E, 0);
    };
  }

  const insideItsBound = [0.001, 0.02, P0].flatMap((pC) => [0.001, 0.3, 0.97].map((pS) => [pC, pS] as const));

  test.each([
    ['the benchmark plan', BENCH_PLAN_V1],
    ['a burn-in with its stricter cap', DEFAULT_PLAN_V1],
    ['no cap at all', { ...BENCH_PLAN_V1, corroboration: 1 }],
  ])('is worth at most 1 after one and two minutes of innocence, with %s', (_, plan) => {
    const after = { one: worthAfter(plan, 1), two: worthAfter(plan, 2) };
    for (const chances of [...insideItsBound, ...INNOCENT]) {
      expect(after.one(chances)).toBeLessThanOrEqual(1 + TOLERANCE);
      expect(after.two(chances)).toBeLessThanOrEqual(1 + TOLERANCE);
    }
  });

  test('grows where the canary is both over its bound and worse than the stable', () => {
    expect(worthAfter({ ...BENCH_PLAN_V1, corroboration: 1 }, 2)([0.5, 0.02])).toBeGreaterThan(5);
  });
});

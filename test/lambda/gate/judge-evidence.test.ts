import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { LOGIN } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan, RateEvidence } from '../../../lib/model/gate-plan';
import { minutesOf, pair, times } from '../../support/minutes';
import { said } from '../../support/verdicts';

const login = (...counts: readonly [canary: number, stable: number, n?: number][]): Minute[] =>
  minutesOf(...counts.map(([canary, stable, n]) => ({ login: pair(canary, stable, n) })));

const shown = (plan: Plan, minutes: readonly Minute[]) => judge(plan, minutes).evidence.probes.login as RateEvidence;

/** A plan that decides nothing, so that the evidence of every minute is seen. */
const PATIENT: Plan = { ...BENCH_PLAN_V1, alpha: 1e-9, bakeMin: 40, hardStopMin: 40, onHardStop: 'pause' };

describe('a minute in which the stable is sick', () => {
  const sick = login([0, 0], [16, 4]);

  test('adds nothing to the absolute evidence', () => {
    expect(shown(PATIENT, sick).abs).toBeLessThan(shown(PATIENT, login([0, 0])).abs + 1e-9);
    expect(shown(PATIENT, login([0, 0], [16, 0])).abs).toBeGreaterThan(shown(PATIENT, sick).abs + 5);
  });

  test('adds to the relative evidence what it is worth', () => {
    expect(shown(PATIENT, sick).rel).toBeGreaterThan(shown(PATIENT, login([0, 0])).rel + 1);
  });

  test('counts in full as an outage', () => {
    expect(shown(PATIENT, sick).outageAbs).toBeGreaterThan(shown(PATIENT, login([0, 0])).outageAbs + 5);
  });

  test('is one with twice the objective, and at least two breaches', () => {
    const muted = (stable: number, n: number) => shown(PATIENT, login([0, 0], [0, stable, n])).muted;
    expect(muted(2, 20)).toEqual([2]);
    expect(muted(1, 20)).toEqual([]);
    expect(muted(2, 21)).toEqual([]);
    expect(muted(1, 5)).toEqual([]);
    expect(muted(2, 10)).toEqual([2]);
  });
});

describe('the stable of earlier minutes', () => {
  test('is looked at in the burn-in too', () => {
    const burnIn: Plan = { ...PATIENT, burnInMin: 3 };
    const relAfter = (stable: number) => shown(burnIn, login([0, stable], [0, stable], [0, stable], [6, 0])).rel;
    expect(relAfter(1)).toBeLessThan(relAfter(0));
  });

  test('is taken for half broken at most', () => {
    // With b = 0.5 and not 0.49: the outage lane's smallest bet uses 0.6·0.45, its largest the cap itself.
    const outageRel = (stable: number) => shown(PATIENT, login([0, stable], [20, 12])).outageRel;
    expect(outageRel(20)).toBeCloseTo(outageRel(16), 9);
    expect(outageRel(13)).not.toBeCloseTo(outageRel(20), 3);
  });
});

test('of two probes that say the same, the first in the plan has decided', () => {
  const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, { ...LOGIN, id: 'other' }] };
  expect(said(judge(plan, minutesOf(...times(4, { login: pair(10, 0), other: pair(10, 0) }))))).toBe(
    'rollback EVIDENCE login @3',
  );
});

describe('the weights of the probes', () => {
  const two = (a: number, b: number): Plan => ({
    ...PATIENT,
    probes: [
      { ...LOGIN, id: 'login', weight: a },
      { ...LOGIN, id: 'other', weight: b },
    ],
  });
  const minutes = minutesOf(...times(4, { login: pair(4, 0), other: pair(5, 0) }));

  test('matter by their ratio alone', () => {
    expect(judge(two(3, 1), minutes).evidence.lnE).toBeCloseTo(judge(two(0.75, 0.25), minutes).evidence.lnE, 12);
  });

  test('make the evidence a mean of the probes’', () => {
    const { evidence } = judge(two(3, 1), minutes);
    const E = (id: string) => (evidence.probes[id] as RateEvidence).E;
    const share = (id: string) => (evidence.probes[id] as RateEvidence).share;
    expect(evidence.E).toBeCloseTo(0.75 * E('login') + 0.25 * E('other'), 8);
    expect(share('login')).toBeCloseTo((0.75 * E('login')) / evidence.E, 8);
    expect(share('login') + share('other')).toBeCloseTo(1, 12);
  });

  test('decide whom a rollback names', () => {
    const named = (a: number, b: number) => judge({ ...two(a, b), alpha: 0.05 }, minutes).probe;
    expect(named(1, 1)).toBe('other');
    expect(named(50, 1)).toBe('login');
  });
});

describe('the last minute', () => {
  /** Never promoted, for a second probe never reports. */
  const stuck: Plan = { ...PATIENT, probes: [LOGIN, { ...LOGIN, id: 'silent' }] };
  const clean = (minutes: number) => shown(stuck, login(...times(minutes, [0, 0, 1e7] as [number, number, number])));

  test('spends what has not been staked', () => {
    expect(clean(39).abs).toBeGreaterThan(-5);
    expect(clean(40).abs).toBeLessThan(-1e5);
  });

  test('is the last that stakes anything on harm yet to come', () => {
    const [last, later] = [clean(40), clean(43)];
    expect(later.abs).toBeLessThan(2.5 * last.abs);
    expect(later.outageAbs).toBeLessThan(2.5 * last.outageAbs);
  });

  test('may still promote', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, bakeMin: 30, hardStopMin: 30, tailMin: 15 };
    expect(said(judge(plan, login(...times(30, [0, 0] as [number, number]))))).toBe('promote CERTIFIED @30');
  });
});

describe('the limits', () => {
  test('of a rollback is alpha’s, of a promotion beta’s', () => {
    const strict: Plan = { ...BENCH_PLAN_V1, alpha: 0.3, beta: 1e-8 };
    const lax: Plan = { ...BENCH_PLAN_V1, alpha: 1e-30, beta: 0.3 };
    const clean = login(...times(30, [0, 0] as [number, number]));
    // ln(1/beta) is 18.4: two breaches in the tail leave 13 of it.
    const flawed = login(...times(28, [0, 0] as [number, number]), [1, 0], [2, 0]);
    expect(said(judge(strict, clean))).toBe('promote CERTIFIED @30');
    expect(said(judge(strict, flawed))).toBe('extend UNCERTIFIED login @30');
    expect(said(judge(lax, flawed))).toBe('promote CERTIFIED @30');
    expect(judge(strict, login(...times(8, [6, 0] as [number, number]))).verdict).toBe('rollback');
    expect(judge(lax, login(...times(8, [6, 0] as [number, number]))).verdict).toBe('extend');
  });

  test('of a sick stable is alpha’s', () => {
    // 30 breaches of 300 in the tail: ln of the evidence is 4.63, between ln 20 and ln 10 000.
    const minutes = login(...times(20, [1, 2] as [number, number]));
    const sick = (alpha: number) => shown({ ...BENCH_PLAN_V1, alpha }, minutes).sick;
    expect([sick(0.05), sick(1e-4)]).toEqual([true, false]);
  });

  test('is reached when the evidence equals it', () => {
    const uncapped: Plan = { ...PATIENT, corroboration: 1 };
    const minutes = login([9, 0]);
    const { lnE } = judge(uncapped, minutes).evidence;
    const alpha = Math.exp(-lnE);
    expect(-Math.log(alpha)).toBe(lnE);
    expect(judge({ ...uncapped, alpha }, minutes).verdict).toBe('rollback');
  });
});

test('the burn-in needs three minutes to agree, the bake two', () => {
  const bad = (minutes: number) => login(...times(minutes, [9, 0] as [number, number]));
  const only: Plan = { ...DEFAULT_PLAN_V1, probes: [LOGIN] };
  expect(shown(only, bad(2)).abs).toBeLessThan(shown({ ...only, burnInMin: 0 }, bad(2)).abs - 1);
});

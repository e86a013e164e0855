import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { AI, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan, RateEvidence } from '../../../lib/model/gate-plan';
import { arm, minutesOf, pair, times } from '../../support/minutes';
import { said } from '../../support/verdicts';

type Counts = readonly [canary: number, stable: number, n?: number];

const login = (...counts: readonly Counts[]): Minute[] =>
  minutesOf(...counts.map(([canary, stable, n]) => ({ login: pair(canary, stable, n) })));

const CLEAN: Counts = [0, 0];
const SILENT: Counts = [0, 0, 0];

const shown = (plan: Plan, minutes: readonly Minute[]) => judge(plan, minutes).evidence.probes.login as RateEvidence;

describe('a release is certified over both windows', () => {
  test('a healthy beginning does not hide a leak', () => {
    const minutes = login(...times(15, CLEAN), ...times(15, [1, 0] as Counts));
    const { certWhole, certTail } = shown(BENCH_PLAN_V1, minutes);
    expect([certWhole > Math.log(20), certTail > Math.log(20)]).toEqual([true, false]);
    expect(said(judge(BENCH_PLAN_V1, minutes))).toBe('extend UNCERTIFIED login @30');
  });

  test('a healthy end does not hide a bad beginning', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, alpha: 1e-9 };
    const minutes = login(...times(15, [3, 0] as Counts), ...times(15, CLEAN));
    const { certWhole, certTail } = shown(plan, minutes);
    expect([certWhole > Math.log(20), certTail > Math.log(20)]).toEqual([false, true]);
    expect(said(judge(plan, minutes))).toBe('extend UNCERTIFIED login @30');
  });
});

describe('coverage', () => {
  test('of the tail looks at the last fifteen minutes and no other', () => {
    // 3 of 15 silent minutes are covered, 4 are not; 4 of the last 16 would still be short.
    const silent = (first: number) =>
      login(...times(30, CLEAN).map((clean, i) => (i + 1 >= first && i + 1 < first + 4 ? SILENT : clean)));
    expect(shown(BENCH_PLAN_V1, silent(15)).coverage.tail).toBe(12 / 15);
    expect(said(judge(BENCH_PLAN_V1, silent(15)))).toBe('promote CERTIFIED @30');
    expect(shown(BENCH_PLAN_V1, silent(16)).coverage.tail).toBe(11 / 15);
    expect(said(judge(BENCH_PLAN_V1, silent(16)))).toBe('hold NO_DATA login @30');
    expect(shown(BENCH_PLAN_V1, silent(13)).coverage.tail).toBe(14 / 15);
  });

  test('of a tail of one minute looks at that minute alone', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, tailMin: 1 };
    expect(shown(plan, login(CLEAN, SILENT, CLEAN)).coverage.tail).toBe(1);
    expect(shown(plan, login(CLEAN, CLEAN, SILENT)).coverage.tail).toBe(0);
  });

  test('is no matter for a passive probe, which has no schedule', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, TRAFFIC] };
    const answer = judge(plan, login(...times(4, CLEAN)));
    expect(said(answer)).toBe('extend BAKING @4');
    expect(answer.evidence.probes.traffic!.coverage).toEqual({ whole: 1, tail: 1, enough: true });
  });

  test('of the whole begins after the burn-in', () => {
    const plan: Plan = { ...DEFAULT_PLAN_V1, probes: [LOGIN] };
    const late = (silent: number) => login(...times(silent, SILENT), ...times(10 - silent, CLEAN));
    expect(shown(plan, late(3)).coverage.whole).toBe(1);
    expect(shown(plan, late(4)).coverage.whole).toBe(6 / 7);
    expect(shown(plan, late(3)).coverage.tail).toBe(1);
  });

  test('is the poorer arm’s', () => {
    const half = (canary: number, stable: number) => minutesOf(...times(4, { login: pair(0, 0, canary, stable) }));
    expect(shown(BENCH_PLAN_V1, half(10, 20)).coverage.whole).toBe(0.5);
    expect(shown(BENCH_PLAN_V1, half(20, 5)).coverage.whole).toBe(0.25);
  });

  test('is none before a minute is judged', () => {
    for (const minutes of [1, 2, 3]) {
      const { coverage } = shown(DEFAULT_PLAN_V1, login(...times(minutes, CLEAN)));
      expect(coverage).toEqual({ whole: 0, tail: 0, enough: false });
    }
  });

  test('is enough at the very share that the plan asks for', () => {
    const four = (from: number) =>
      login(...times(20, CLEAN).map((clean, i) => (i >= from && i < from + 4 ? SILENT : clean)));
    expect(shown(BENCH_PLAN_V1, four(0)).coverage).toEqual({ whole: 0.8, tail: 1, enough: true });
    const plan: Plan = { ...BENCH_PLAN_V1, tailMin: 10, coverage: 0.6 };
    expect(shown(plan, four(12)).coverage).toEqual({ whole: 0.8, tail: 0.6, enough: true });
  });

  test('that lacks a single sample lacks data, unless one was misrouted', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, tailMin: 3, probes: [LOGIN, AI] };
    const last = (misrouted: number) =>
      minutesOf(...times(29, { login: pair(0, 0), ai: pair(0, 0, 1) }), {
        login: pair(0, 0),
        ai: { canary: arm(0), stable: arm(1), misrouted },
      });
    expect(said(judge(plan, last(0)))).toBe('hold NO_DATA ai @30');
    expect(said(judge(plan, last(1)))).toBe('hold MISROUTED ai @30');
  });

  test('is told as misrouted if either window is short of samples for that reason', () => {
    const misrouted = { login: { canary: arm(0), stable: arm(20), misrouted: 20 } };
    const minutes = minutesOf(
      ...times(14, misrouted),
      ...times(11, { login: pair(0, 0) }),
      ...times(5, { login: pair(0, 0, 0) }),
    );
    expect(said(judge(BENCH_PLAN_V1, minutes))).toBe('hold MISROUTED login @30');
  });
});

describe('silence holds a release early', () => {
  const oneArm = (canary: number, stable: number) => ({ login: pair(0, 0, canary, stable) });

  test.each([
    ['on the canary', oneArm(0, 20)],
    ['on the stable', oneArm(20, 0)],
  ])('%s, after three minutes of it', (_, silent) => {
    expect(said(judge(BENCH_PLAN_V1, minutesOf(...times(2, silent))))).toBe('extend BAKING @2');
    expect(said(judge(BENCH_PLAN_V1, minutesOf(...times(3, silent))))).toBe('hold NO_DATA login @3');
  });

  test('but not if the arms are silent by turns', () => {
    const turns = [oneArm(0, 20), oneArm(20, 0), oneArm(0, 20), oneArm(20, 0)];
    expect(said(judge(BENCH_PLAN_V1, minutesOf(...turns)))).toBe('extend BAKING @4');
  });

  test.each([
    ['on the canary', oneArm(0, 20)],
    ['on the stable', oneArm(20, 0)],
  ])('counted anew %s from the last sample on', (_, silent) => {
    const saidAfter = (count: number) => said(judge(BENCH_PLAN_V1, minutesOf(oneArm(20, 20), ...times(count, silent))));
    expect([saidAfter(2), saidAfter(3)]).toEqual(['extend BAKING @3', 'hold NO_DATA login @4']);
  });

  test('until a sample comes back', () => {
    const minutes = minutesOf(...times(5, oneArm(0, 20)), oneArm(1, 20));
    expect(said(judge(BENCH_PLAN_V1, minutes))).toBe('extend BAKING @6');
  });
});

describe('a stable is sick', () => {
  // Evidence against the stable of 75 breaches in 300 samples is overwhelming; against a canary of 30 in 600 there is none.
  const stableSick = [1, 5] as Counts;

  test('by what it did in the tail, whatever it did before', () => {
    const recovered = login(...times(20, [1, 12] as Counts), ...times(15, [1, 0] as Counts));
    const fell = login(...times(20, [1, 0] as Counts), ...times(15, stableSick));
    expect(shown({ ...BENCH_PLAN_V1, alpha: 1e-9 }, recovered).sick).toBe(false);
    expect(shown({ ...BENCH_PLAN_V1, alpha: 1e-9 }, fell).sick).toBe(true);
  });

  test('by its own counts and not the canary’s', () => {
    expect(shown({ ...BENCH_PLAN_V1, alpha: 1e-9 }, login(...times(8, [5, 0] as Counts))).sick).toBe(false);
  });
});

test('a passive probe is asked for its certificate from the sample on at which a good release would have it', () => {
  const plan: Plan = { ...BENCH_PLAN_V1, alpha: 1e-9, probes: [LOGIN, TRAFFIC] };
  const withTraffic = (samples: number) =>
    minutesOf(...times(29, { login: pair(0, 0) }), { login: pair(0, 0), traffic: pair(9, 0, samples, 9 * samples) });
  expect(said(judge(plan, withTraffic(285)))).toBe('promote CERTIFIED @30');
  expect(said(judge(plan, withTraffic(286)))).toBe('extend UNCERTIFIED traffic @30');
});

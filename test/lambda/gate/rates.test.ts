import { describe, expect, test } from '@jest/globals';
import { ratesFor } from '../../../lambda/gate/rates';
import { AI, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute } from '../../../lib/model/gate-plan';
import { arm, cleanBut, minutesOf, pair, times } from '../../support/minutes';

const login = (count: number, canary: number): Minute[] => minutesOf(...times(count, { login: pair(canary, 0) }));

describe('samples for the next minute', () => {
  test.each<[string, Minute[], number]>([
    ['before the first minute: as planned', [], 20],
    ['after a clean minute: as planned', login(1, 0), 20],
    ['while evidence grows: a burst', login(1, 10), 60],
    ['late, with a certificate: as planned', login(9, 0), 20],
    ['late, without one: a burst', login(9, 1), 60],
    ['a minute before it is late: as planned', login(8, 1), 20],
    ['after a rollback: as planned', login(3, 10), 20],
    ['after a promotion: as planned', login(30, 0), 20],
  ])('%s', (_, minutes, samples) => {
    expect(ratesFor(BENCH_PLAN_V1, minutes)).toEqual({ login: samples });
  });

  test('a probe that is sure does not burst because another is not', () => {
    const minutes = cleanBut(2, () => ({ reflect: pair(6, 0, 10) }));
    expect(ratesFor(DEFAULT_PLAN_V1, minutes)).toEqual({ login: 20, reflect: 30, import: 2, success: 30, ai: 1 });
  });

  test('an exact probe bursts after a wrong answer, and no longer', () => {
    const plan = { ...BENCH_PLAN_V1, probes: [LOGIN, { ...AI, burst: 4 }] };
    const wrong = { login: pair(0, 0), ai: { canary: arm(1, 0, 1), stable: arm(1), misrouted: 0 } };
    const right = { login: pair(0, 0), ai: pair(0, 0, 1) };
    const stableWrong = { login: pair(0, 0), ai: { canary: arm(1), stable: arm(1, 0, 1), misrouted: 0 } };
    const bothWrong = { login: pair(0, 0), ai: { canary: arm(1, 0, 1), stable: arm(1, 0, 1), misrouted: 0 } };
    for (const minute of [wrong, stableWrong, bothWrong]) expect(ratesFor(plan, minutesOf(minute)).ai).toBe(4);
    expect(ratesFor(plan, minutesOf(right)).ai).toBe(1);
    expect(ratesFor(plan, minutesOf(wrong, right)).ai).toBe(1);
    expect(ratesFor(plan, []).ai).toBe(1);
  });

  test('nothing is ever scheduled for a passive probe', () => {
    const plan = { ...BENCH_PLAN_V1, probes: [LOGIN, TRAFFIC] };
    const minutes = minutesOf(...times(12, { login: pair(0, 0), traffic: pair(9, 0, 60, 540) }));
    expect(ratesFor(plan, minutes.slice(0, 2)).traffic).toBe(0);
  });

  test('half a sample is sent as one', () => {
    const plan = { ...BENCH_PLAN_V1, probes: [{ ...LOGIN, perMinute: 5, burst: 1.5 }] };
    expect(ratesFor(plan, minutesOf({ login: pair(5, 0, 5) })).login).toBe(8);
  });

  test('minutes that cannot be judged are refused', () => {
    expect(() => ratesFor(BENCH_PLAN_V1, [{ minute: 2, probes: {} }])).toThrow('minutes[0].minute: expected 1, got 2');
  });
});

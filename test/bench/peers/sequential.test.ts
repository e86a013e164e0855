import { describe, expect, test } from '@jest/globals';
import { halfWidth, lowerLimit, rhoSquared } from '../../../bench/gate/peers/confidence-sequence';
import { ProbabilityRatio } from '../../../bench/gate/peers/probability-ratio';
import { drawBinomial, drawFrom } from '../../../bench/gate/random';

// https://docs.growthbook.io/statistics/sequential, and equation 155 of https://arxiv.org/abs/2103.06476
describe('a one-sided asymptotic confidence sequence', () => {
  test('is narrowest about where it is tuned to be, beside the width that a fixed sample would have', () => {
    const ratio = (tuning: number, n: number) => halfWidth(1, n, rhoSquared(0.05, tuning), 0.05) * Math.sqrt(n);
    for (const tuning of [600, 5000]) {
      const at = [0.02, 0.1, 1, 10, 50].map((share) => ratio(tuning, share * tuning));
      expect(Math.min(...at)).toBe(at[2]);
      expect(at[2]).toBeGreaterThan(1.645);
    }
  });

  test('shrinks with more data, to nothing', () => {
    const rho2 = rhoSquared(0.05, 5000);
    const widths = [100, 1000, 1e5, 1e9].map((n) => halfWidth(1, n, rho2, 0.05));
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(widths.at(-1)).toBeLessThan(2e-4);
  });

  test('agrees with the formula worked out by hand', () => {
    // 40 of 400 against 10 of 400, tuned to 600, alpha 0.05: n = 800, ρ² = (4.60517 + ln 5.60517)/600 = 0.010548,
    // s² = 2·(0.09 + 0.024375) = 0.22875, √(s²·2·9.4385/(640000·0.010548)·ln(1 + 3.0722/0.1)) = 0.047024.
    expect(rhoSquared(0.05, 600)).toBeCloseTo(0.010548, 6);
    expect(lowerLimit({ perArm: 400, canary: 40, stable: 10 }, 0.05, 600)).toBeCloseTo(0.075 - 0.047024, 6);
  });

  test('says nothing while no sample tells the arms apart', () => {
    expect(lowerLimit({ perArm: 100, canary: 0, stable: 0 }, 0.05, 600)).toBe(-Infinity);
    expect(lowerLimit({ perArm: 100, canary: 100, stable: 0 }, 0.05, 600)).toBe(-Infinity);
  });

  test('seldom calls arms different that are alike, however often it is looked at', () => {
    const draw = drawFrom('confidence sequence');
    const called = Array.from({ length: 400 }, () => {
      const so = { perArm: 0, canary: 0, stable: 0 };
      for (let look = 0; look < 30; look++) {
        so.perArm += 40;
        so.canary += drawBinomial(draw, 40, 0.2);
        so.stable += drawBinomial(draw, 40, 0.2);
        if (lowerLimit(so, 0.05, 600) > 0) return 1;
      }
      return 0;
    });
    expect(called.reduce<number>((sum, one) => sum + one, 0) / called.length).toBeLessThan(0.05);
  });
});

// Wald 1945: accept at ln(β/(1−α)), reject at ln((1−β)/α)
describe("Wald's test of 5 % against 10 %", () => {
  const TEST = { p0: 0.05, p1: 0.1, alpha: 0.05, beta: 0.05 };
  const stateAfter = (...samples: readonly boolean[]) => {
    const test = new ProbabilityRatio(TEST);
    for (const sample of samples) test.add(sample);
    return test.state;
  };
  const times = (count: number, breach: boolean) => Array.from({ length: count }, () => breach);

  test('rejects at the fifth breach in a row: 5·ln 2 is the first beyond ln 19', () => {
    expect(stateAfter(...times(4, true))).toBe('undecided');
    expect(stateAfter(...times(5, true))).toBe('rejects');
  });

  test('accepts after 55 samples without one: the first beyond ln(1/19)', () => {
    expect(stateAfter(...times(54, false))).toBe('undecided');
    expect(stateAfter(...times(55, false))).toBe('accepts');
  });

  test('does not go on after it has ended', () => {
    expect(stateAfter(...times(55, false), ...times(20, true))).toBe('accepts');
  });

  test('keeps its error probabilities, near enough', () => {
    const draw = drawFrom('ratio');
    const ends = (p: number) =>
      Array.from({ length: 400 }, () => {
        const test = new ProbabilityRatio(TEST);
        while (test.state === 'undecided') test.add(draw() < p);
        return test.state;
      });
    expect(ends(0.05).filter((end) => end === 'rejects').length / 400).toBeLessThan(0.08);
    expect(ends(0.1).filter((end) => end === 'accepts').length / 400).toBeLessThan(0.08);
  });
});

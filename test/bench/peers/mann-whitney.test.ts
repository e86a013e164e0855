import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify, shiftOf } from '../../../bench/gate/peers/mann-whitney';
import { drawFrom, drawNormal } from '../../../bench/gate/random';

/** Normal data around a mean, the same every time. */
function normal(mean: number, count = 30, name = ''): number[] {
  const draw = drawFrom(`${mean}${name}`);
  return Array.from({ length: count }, () => mean + 2 * drawNormal(draw));
}

// https://github.com/spinnaker/kayenta/blob/master/docs/canary-judge.md and the suites of kayenta-judge
describe("Kayenta's classification of a metric", () => {
  test('passes data of the same kind', () => {
    expect(classify(normal(10), normal(10, 30, 'other'))).toBe('Pass');
  });

  test('is high where the experiment lies above, low where it lies below', () => {
    expect(classify(normal(10), normal(20))).toBe('High');
    expect(classify(normal(20), normal(10))).toBe('Low');
  });

  test('knows a group without data', () => {
    expect(classify([], [1, 2, 3])).toBe('Nodata');
    expect(classify([1, 2, 3], [])).toBe('Nodata');
  });

  test('passes equal data, in whatever order', () => {
    expect(classify([1, 2, 3, 4], [4, 3, 2, 1])).toBe('Pass');
    expect(classify([5, 5, 5], [5, 5, 5])).toBe('Pass');
  });

  test('ranks data that is constant on both arms', () => {
    const constant = (value: number) => Array.from({ length: 20 }, () => value);
    expect(classify(constant(100), constant(200))).toBe('High');
    expect(classify(constant(200), constant(100))).toBe('Low');
  });

  test('tolerates a shift of which not a quarter is sure', () => {
    const draw = drawFrom('tolerance');
    const wide = (mean: number) => Array.from({ length: 30 }, () => mean + 10 * drawNormal(draw));
    const [control, experiment] = [wide(100), wide(106)];
    const { lower, estimate } = shiftOf(control, experiment, 0.98);
    expect(estimate).toBeGreaterThan(0);
    expect(classify(control, experiment)).toBe(lower > estimate / 4 ? 'High' : 'Pass');
  });
});

// R: wilcox.test(x, y, conf.int = TRUE, exact = FALSE)
describe('the shift of a rank test', () => {
  const X = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const Y = [1.15, 0.88, 0.9, 0.74, 1.21];

  test('is about the median of all differences', () => {
    const differences = X.flatMap((x) => Y.map((y) => x - y)).sort((a, b) => a - b);
    const median = (differences[24]! + differences[25]!) / 2;
    expect(median).toBeCloseTo(0.305, 3);
    expect(Math.abs(shiftOf(Y, X, 0.95).estimate - median)).toBeLessThan(0.08);
  });

  const data = fc.array(fc.double({ min: 100, max: 900, noNaN: true }), { minLength: 8, maxLength: 30 });

  test('moves with the experiment, and changes its sign with the arms', () => {
    fc.assert(
      fc.property(data, data, (control, experiment) => {
        const shift = shiftOf(control, experiment, 0.98);
        const moved = shiftOf(
          control,
          experiment.map((value) => value + 50),
          0.98,
        );
        const swapped = shiftOf(experiment, control, 0.98);
        expect(moved.estimate).toBeCloseTo(shift.estimate + 50, 1);
        expect(Math.abs(swapped.estimate + shift.estimate)).toBeLessThan(spread(control, experiment));
        expect(shift.lower).toBeLessThanOrEqual(shift.estimate + 1e-3);
        expect(shift.upper).toBeGreaterThanOrEqual(shift.estimate - 1e-3);
      }),
      { numRuns: 40 },
    );
  });

  test('is surer with more data', () => {
    const width = (count: number) => {
      const { lower, upper } = shiftOf(normal(10, count), normal(12, count), 0.98);
      return upper - lower;
    };
    expect(width(100)).toBeLessThan(width(20));
  });
});

/** The gap that one step of the rank sum may leave. */
function spread(a: readonly number[], b: readonly number[]): number {
  const differences = a.flatMap((x) => b.map((y) => y - x)).sort((p, q) => p - q);
  return Math.max(...differences.slice(1).map((value, i) => value - differences[i]!)) + 1;
}

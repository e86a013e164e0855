import { describe, expect, test } from '@jest/globals';
import { trendHolds, trendPercentile } from '../../../bench/gate/peers/k6-threshold';
import { type KeptnObjective, qualityGate } from '../../../bench/gate/peers/keptn-slo';

// https://github.com/grafana/k6/blob/v1.0.0/metrics/sink_test.go
describe("k6's percentile of a trend", () => {
  const TEN = [0, 100, 90, 10, 80, 20, 70, 30, 60, 40, 50];

  test('of nothing is 0, so a run without samples passes', () => {
    expect(trendPercentile([], 0.95)).toBe(0);
    expect(trendHolds([], 0.95, 250)).toBe(true);
  });

  test('of one value is that value', () => {
    for (const share of [0.01, 0.5, 1]) expect(trendPercentile([10], share)).toBe(10);
  });

  test('of two values lies between them in proportion', () => {
    expect(trendPercentile([5, 10], 0)).toBe(5);
    expect(trendPercentile([10, 5], 0.5)).toBe(7.5);
    expect(trendPercentile([5, 10], 0.95)).toBeCloseTo(5 + 5 * 0.95, 12);
    expect(trendPercentile([5, 10], 1)).toBe(10);
  });

  test('of many values is interpolated between the nearest two', () => {
    expect(trendPercentile(TEN, 0.5)).toBe(50);
    expect(trendPercentile(TEN, 0.95)).toBeCloseTo(95, 9);
  });

  test('must be below a threshold, not at it', () => {
    expect(trendHolds([250, 250], 0.95, 250)).toBe(false);
    expect(trendHolds([249, 249], 0.95, 250)).toBe(true);
  });
});

// https://v1.keptn.sh/docs/1.0.x/reference/files/slo/
describe("Keptn's quality gate", () => {
  const TOTAL = { pass: 90, warning: 75 };
  const P95: KeptnObjective = { pass: [['<=+10%', '<600']], warning: [['<=800']] };
  const gate = (value: number, previous?: readonly number[]) =>
    qualityGate(TOTAL, [{ objective: P95, indicator: { value, previous } }]);

  test('passes what meets all parts of one criterion', () => {
    expect(gate(500, [500])).toBe('pass');
    expect(gate(550, [500])).toBe('pass');
    expect(gate(551, [500])).toBe('fail');
    expect(gate(600, [600])).toBe('fail');
  });

  test('passes a comparison without an earlier value', () => {
    expect(gate(599)).toBe('pass');
    expect(gate(600)).toBe('fail');
  });

  test('gives half the points for a warning', () => {
    const two = (warned: number) =>
      qualityGate({ pass: 90, warning: 75 }, [
        { objective: P95, indicator: { value: warned } },
        { objective: P95, indicator: { value: 100 } },
      ]);
    expect(two(700)).toBe('warning');
    expect(two(801)).toBe('fail');
  });

  test('weighs objectives, and fails with a key objective whatever the score', () => {
    const rest = { objective: { ...P95, weight: 20 }, indicator: { value: 100 } };
    const weak = { objective: P95, indicator: { value: 900 } };
    expect(qualityGate(TOTAL, [rest, weak])).toBe('pass');
    expect(qualityGate(TOTAL, [rest, { ...weak, objective: { ...P95, keySli: true } }])).toBe('fail');
  });

  test('compares with the average of earlier values, in percent or absolutely', () => {
    const one = (criterion: string, value: number) =>
      qualityGate(TOTAL, [{ objective: { pass: [[criterion]] }, indicator: { value, previous: [90, 110] } }]);
    expect([one('<=+15%', 115), one('<=+15%', 116), one('<+5', 104), one('<+5', 105), one('>-8%', 93)]).toEqual([
      'pass',
      'fail',
      'pass',
      'fail',
      'pass',
    ]);
  });

  test('refuses a criterion it cannot read', () => {
    expect(() => qualityGate(TOTAL, [{ objective: { pass: [['fast']] }, indicator: { value: 1 } }])).toThrow(
      'criterion: expected one like "<600" or "<=+10%", got "fast"',
    );
  });
});

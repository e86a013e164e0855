import { expect, test } from '@jest/globals';
import { ratiosOf, slownessOf } from '../../bench/synth-speed';

test('synthesis is measured by ratios, in which the speed of the machine cancels out', () => {
  expect(ratiosOf({ emptyMs: 4_000, oneMs: 8_000, allMs: 12_000 })).toEqual({ oneOverEmpty: 2, allOverOne: 1.5 });
});

test('a synthesis at its bars holds', () => {
  expect(slownessOf({ oneOverEmpty: 2.5, allOverOne: 2 })).toEqual([]);
});

test('a slow one says which bar it misses, and by how much', () => {
  expect(slownessOf({ oneOverEmpty: 2.51, allOverOne: 2.25 })).toEqual([
    'one environment over an empty app: expected at most 2.5 times, got 2.51',
    'all environments over one: expected at most 2 times, got 2.25',
  ]);
});

import { describe, expect, test } from '@jest/globals';
import {
  countScale,
  linear,
  logScale,
  minutesScale,
  percentScale,
  powerOfTen,
  type Scale,
} from '../../../lambda/report/scale';

function labels({ ticks }: Scale): readonly string[] {
  return ticks.map(({ label }) => label);
}

describe('a scale', () => {
  test('sets values between its ends, and those beyond at them', () => {
    const scale = linear(10, 20, []);

    expect([5, 10, 12.5, 20, 99, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(scale.at)).toEqual([
      0, 0, 0.25, 1, 1, 0, 1,
    ]);
  });

  test('may go downwards', () => {
    expect([0, 1, 4].map(linear(4, 0, []).at)).toEqual([1, 0.75, 0]);
  });

  test('gives a number a place even where its ends meet or it is none', () => {
    expect([linear(3, 3, []).at(3), linear(0, 1, []).at(Number.NaN)]).toEqual([0, 0]);
  });
});

describe('ticks', () => {
  test.each([
    [-4.5, 42, ['0', '5', '10', '15', '20', '25', '30', '35', '40']],
    [-6, 3, ['-6', '-5', '-4', '-3', '-2', '-1', '0', '1', '2', '3']],
    [0, 130, ['0', '15', '30', '45', '60', '75', '90', '105', '120']],
    [0, 1_440, ['0', '120', '240', '360', '480', '600', '720', '840', '960', '1080', '1200', '1320', '1440']],
  ])('of minutes from %d to %d are whole, and a dozen at most', (from, to, expected) => {
    expect(labels(minutesScale(from, to))).toEqual(expected);
  });

  test.each([
    [1, ['0 %', '50 %', '100 %']],
    [0.3, ['0 %', '10 %', '20 %', '30 %']],
    [0.04, ['0 %', '2 %', '4 %']],
  ])('of shares up to %d are few', (to, expected) => {
    expect(labels(percentScale(to))).toEqual(expected);
  });

  test.each([
    [0, ['0', '1']],
    [3, ['0', '1', '2', '3']],
    [7, ['0', '5']],
    [640, ['0', '250', '500']],
    [48_000, ['0', '20,000', '40,000']],
  ])('of counts up to %d are few and whole', (most, expected) => {
    expect(labels(countScale(most))).toEqual(expected);
  });

  test('of evidence are powers of ten, whatever its range', () => {
    expect(labels(logScale(Math.log(0.01), Math.log(1_000)))).toEqual(['0.01', '1', '100']);
    expect(labels(logScale(Math.log(0.5), Math.log(2e4)))).toEqual(['1', '100', '10,000']);
    expect(labels(logScale(0, 700 * Math.LN10)).length).toBeLessThanOrEqual(5);
  });

  test('name huge and tiny powers by their exponent', () => {
    expect([-5, -2, 0, 4, 5, 120].map(powerOfTen)).toEqual(['10⁻⁵', '0.01', '1', '10,000', '10⁵', '10¹²⁰']);
  });
});

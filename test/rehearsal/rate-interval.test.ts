import { expect, test } from '@jest/globals';
import { rateInterval } from '../../rehearsal/rate-interval';

test('nothing seen leaves a rate that seeing nothing would still be likely at', () => {
  const { low, high } = rateInterval(0, 20);

  expect(low).toBe(0);
  expect(high).toBeCloseTo(1 - 0.025 ** (1 / 20), 9);
});

test('the bounds are those of the published tables', () => {
  const { low, high } = rateInterval(3, 20);

  expect(low).toBeCloseTo(0.0321, 4);
  expect(high).toBeCloseTo(0.3789, 4);
  expect(rateInterval(20, 20)).toMatchObject({ high: 1 });
});

test('what was and what was not seen have mirrored intervals', () => {
  const seen = rateInterval(7, 50);
  const unseen = rateInterval(43, 50);

  expect(unseen.low).toBeCloseTo(1 - seen.high, 9);
  expect(unseen.high).toBeCloseTo(1 - seen.low, 9);
});

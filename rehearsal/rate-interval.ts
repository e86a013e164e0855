import { chanceOfAtMost } from '../lib/model/evidence/certifiable';

/** A rate between two bounds, both in 0…1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Chance that the true rate lies below the interval, and as much above it. */
const TAIL = 0.025;
const STEPS = 60;

/**
 * The exact 95 % interval of a rate, seen `count` times in `times`.
 *
 * @see Clopper and Pearson, Biometrika 26 (1934)
 */
export function rateInterval(count: number, times: number): Interval {
  return {
    low: count === 0 ? 0 : rateAt((rate) => 1 - chanceOfAtMost(count - 1, times, rate), false),
    high: count === times ? 1 : rateAt((rate) => chanceOfAtMost(count, times, rate), true),
  };
}

/** The rate at which a chance that only falls (or only rises) with it comes to the tail. */
function rateAt(chance: (rate: number) => number, falls: boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (chance(middle) > TAIL === falls) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

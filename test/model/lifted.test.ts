import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lnLifted, type PairedCounts } from '../../lib/model/evidence/e-values';
import { alternatives } from '../../lib/model/evidence/lanes';
import { LOGIN } from '../../lib/model/gate-defaults';
import { binomial, type Chances, counts, EXCUSED, line } from '../support/enumeration';

const TOLERANCE = 1e-9;

/** Expectation of exp(ln) over both arms' breaches, as a function of their chances. */
function paired(nC: number, nS: number, ln: (counts: PairedCounts) => number): (chances: Chances) => number {
  const values = Array.from({ length: nC + 1 }, (_, x) =>
    Array.from({ length: nS + 1 }, (_, y) => Math.exp(ln(counts(nC, x, nS, y)))),
  );
  return ([pC, pS]) => {
    const chanceS = binomial(nS, pS);
    const rows = values.map((row) => row.reduce((sum, value, y) => sum + chanceS[y]! * value, 0));
    return binomial(nC, pC).reduce((sum, chance, x) => sum + chance * rows[x]!, 0);
  };
}

describe('evidence against what the environment excuses', () => {
  test.each([
    [1, 1],
    [10, 10],
    [10, 60],
    [60, 10],
  ])('of %d against %d samples is worth at most 1 for every pair of chances on the line or below it', (nC, nS) => {
    for (const q of [...alternatives(LOGIN.p0), 0.5, 0.7]) {
      for (const stable of [0.005, 0.02, 0.3]) {
        const value = paired(nC, nS, (minute) => lnLifted([q, Math.min(stable, 0.6 * q)], LOGIN, minute));
        for (const chances of EXCUSED) expect(value(chances)).toBeLessThanOrEqual(1 + TOLERANCE);
      }
    }
  });

  test('is worth 1 at the innocent pair nearest to the alternative, so nothing is given away', () => {
    const [q, s] = [0.2, 0.02];
    const value = paired(20, 20, (minute) => lnLifted([q, s], LOGIN, minute));
    const worths = Array.from({ length: 400 }, (_, i) => value([line(i / 1000), i / 1000]));
    expect(Math.max(...worths)).toBeGreaterThan(1 - 1e-4);
  });

  test('grows where the canary is worse than any environment explains', () => {
    const value = paired(20, 20, (minute) => lnLifted([0.2, 0.02], LOGIN, minute));
    expect(value([0.2, 0.02])).toBeGreaterThan(5);
    expect(value([0.2, 0.18])).toBeLessThan(1);
  });

  test('is the likelihood ratio to the nearest innocent pair, found here by trying all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.nat(6), (nC, nS, j) => {
        const q = alternatives(LOGIN.p0)[j]!;
        const s = Math.min(0.6 * q, 0.02);
        const distance = (mS: number) => nC * divergence(q, line(mS)) + nS * divergence(s, mS);
        const tried = Array.from({ length: 20_000 }, (_, i) => distance(s + (i * (1 - s)) / 20_000));
        // Counts as expected under the alternative: the logarithm is then the distance itself.
        const own = lnLifted([q, s], LOGIN, counts(nC, nC * q, nS, nS * s));
        expect(own).toBeCloseTo(Math.min(...tried), 2);
        expect(own).toBeLessThanOrEqual(Math.min(...tried) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('says nothing without samples on both arms, nor of an alternative that is innocent itself', () => {
    expect(lnLifted([0.2, 0.02], LOGIN, counts(20, 20, 0, 0))).toBe(0);
    expect(lnLifted([0.2, 0.02], LOGIN, counts(0, 0, 20, 0))).toBe(0);
    expect(lnLifted([0.07, 0.048], LOGIN, counts(20, 20, 20, 0))).toBe(0);
  });

  // Computed apart, with sixty digits, the nearest innocent pair by bisection.
  test.each<[string, readonly [q: number, s: number, p0: number, typical: number], PairedCounts, number]>([
    ['one sample on each arm', [0.2, 0.02, 0.05, 0.02], counts(1, 1, 1, 0), 0.637361156454101],
    ['one beside many', [0.2, 0.02, 0.05, 0.02], counts(1, 1, 540, 11), 1.383173346444],
    ['few beside ten million', [0.6, 1e-13, 0.4, 0.1], counts(10, 6, 1e7, 3), 1.48341509434779],
    ['ten million beside few', [0.6, 1e-13, 0.4, 0.1], counts(1e7, 6e6, 10, 0), 5.10824873766766],
  ])('keeps its digits however small the stable rate: %s', (_, [q, s, p0, typical], minute, expected) => {
    expect(lnLifted([q, s], { p0, typical }, minute)).toBeCloseTo(expected, 7);
  });

  test('is finite and right for ten million samples a minute', () => {
    const ln = lnLifted([0.12, 0.02], LOGIN, counts(1e7, 1.2e6, 1e7, 2e5));
    expect(ln / 1e7).toBeCloseTo(lnLifted([0.12, 0.02], LOGIN, counts(100, 12, 100, 2)) / 100, 9);
  });
});

function divergence(a: number, b: number): number {
  return a * Math.log(a / b) + (1 - a) * Math.log((1 - a) / (1 - b));
}

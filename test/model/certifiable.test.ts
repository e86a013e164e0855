import { describe, expect, test } from '@jest/globals';
import {
  CERTAIN_ENOUGH,
  type CertificateGoal,
  chanceOfAtMost,
  chanceToCertify,
  mostBreaches,
  samplesNeeded,
} from '../../lib/model/evidence/certifiable';
import { certificateFor } from '../../lib/model/evidence/certificate';
import { binomial } from '../support/enumeration';

/** The definition, tried sample by sample: enough with so many, and with any number up to a fifth more. */
function neededByTrying(goal: CertificateGoal): number {
  const isEnough = (n: number) => chanceToCertify(goal, n) >= CERTAIN_ENOUGH;
  for (let n = 1; ; n++) {
    const window = Array.from({ length: Math.ceil(1.2 * n) - n + 1 }, (_, i) => n + i);
    if (window.every(isEnough)) return n;
  }
}

describe('the samples that a typical release needs for its certificate', () => {
  test.each([
    [0.08, 0.02, 0.05],
    [0.25, 0.03, 0.05],
    [0.03, 0.002, 0.05],
    [0.4, 0.043, 0.05],
    [0.51, 0.095, 0.2],
    // Enough with 10 to 12 samples and not with 13, for which three tenths more would ask.
    [0.49, 0.067, 0.3],
    [0.11, 0.031, 0.2],
    [0.3, 0.1, 0.01],
  ])('below %d, typical at %d, at beta %d are those found by trying each number', (pTol, typical, beta) => {
    expect(samplesNeeded({ pTol, typical, beta })).toBe(neededByTrying({ pTol, typical, beta }));
  });

  test('are none where typical is what must not be promoted', () => {
    expect(samplesNeeded({ pTol: 0.05, typical: 0.0499, beta: 0.05 })).toBe(Infinity);
  });
});

test('the most breaches that certify are those at which the certificate is still enough', () => {
  const goal = { pTol: 0.08, typical: 0.02, beta: 0.05 };
  for (const n of [1, 30, 36, 37, 38, 250, 540, 10_000]) {
    const most = mostBreaches(goal, n);
    const isCertified = (breaches: number) => certificateFor(goal.pTol)({ n, breaches }) >= Math.log(20);
    if (most >= 0) expect(isCertified(most)).toBe(true);
    expect(isCertified(most + 1)).toBe(false);
  }
});

test.each([
  [10, 0.3],
  [60, 0.02],
  [60, 0.97],
])('the chance of at most so many of %d at %d is the sum of the chances of each', (n, p) => {
  const chances = binomial(n, p);
  for (let most = -1; most <= n + 1; most++) {
    const sum = chances.slice(0, most + 1).reduce((all, chance) => all + chance, 0);
    expect(chanceOfAtMost(most, n, p)).toBeCloseTo(most < 0 ? 0 : sum, 12);
  }
});

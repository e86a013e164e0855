import { certificateFor } from './certificate';
import { lnChoose } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { exp, floor, log, log1p } = Math;

/** A probe's certificate seen before the release: what it must show, and what a good release does. */
export interface CertificateGoal {
  readonly pTol: number;
  readonly typical: number;
  readonly beta: number;
}

/** A window is long enough when a typical release is certified in it with this chance. */
export const CERTAIN_ENOUGH = 0.95;

/** No probe waits for more samples than this; a goal that needs more has none. */
const MOST_SAMPLES = 1_000_000;

type IsCertified = (n: number, breaches: number) => boolean;

function certifierOf({ pTol, beta }: CertificateGoal): IsCertified {
  const lnCert = certificateFor(pTol);
  return (n, breaches) => lnCert({ n, breaches }) >= -log(beta);
}

/** Most breaches among n samples with which a window still certifies; −1 if not even none is enough. */
export function mostBreaches(goal: CertificateGoal, n: number): number {
  const isCertified = certifierOf(goal);
  let certified = -1;
  let refused = n + 1;
  while (refused - certified > 1) {
    const middle = floor((certified + refused) / 2);
    if (isCertified(n, middle)) certified = middle;
    else refused = middle;
  }
  return certified;
}

/** Chance that a typical release is certified in a window of n samples. */
export function chanceToCertify(goal: CertificateGoal, n: number): number {
  return chanceOfAtMost(mostBreaches(goal, n), n, goal.typical);
}

/** P(Bin(n, p) ≤ most), summed outward from `most` on the side of the lighter tail. */
export function chanceOfAtMost(most: number, n: number, p: number): number {
  if (most < 0) return 0;
  if (most >= n) return 1;
  if (most < n * p) return sumOfChances(most, n, p, -1);
  return 1 - sumOfChances(most + 1, n, p, 1);
}

/** Σ P(Bin(n, p) = k) over k = from, from + step, … until the terms no longer count. */
function sumOfChances(from: number, n: number, p: number, step: 1 | -1): number {
  const odds = p / (1 - p);
  let term = exp(lnChoose(n, from) + from * log(p) + (n - from) * log1p(-p));
  let sum = term;
  for (let k = from; term > sum * Number.EPSILON; k += step) {
    term *= step === 1 ? ((n - k) / (k + 1)) * odds : k / (n - k + 1) / odds;
    sum += term;
  }
  return sum;
}

/**
 * Smallest window in which a typical release is certified with 95 %, and in every window up to a fifth longer too.
 *
 * The chance is a saw-tooth: while the same number of breaches is allowed it falls with each sample, and jumps when one
 * more is allowed. Within a tooth it is enough to know where it first falls short.
 *
 * @returns Infinity if a million samples are not enough
 */
export function samplesNeeded(goal: CertificateGoal): number {
  const isCertified = certifierOf(goal);
  let start: number | undefined;
  let first = firstWith(isCertified, 0, 1);
  for (let breaches = 0; first <= MOST_SAMPLES; breaches++) {
    const next = firstWith(isCertified, breaches + 1, first + 1);
    const short = firstShort(goal, breaches, first, next);
    if (short > first) start ??= first;
    if (start !== undefined && Math.ceil(1.2 * start) < short) return start;
    if (short < next) start = undefined;
    first = next;
  }
  return Infinity;
}

/** Smallest n, at least `from`, that certifies with so many breaches. */
function firstWith(isCertified: IsCertified, breaches: number, from: number): number {
  let step = 1;
  while (!isCertified(from + step, breaches)) step *= 2;
  return firstTrue(from, from + step, (n) => isCertified(n, breaches));
}

/** First n in [first, next) at which a typical release has more breaches than allowed too often; `next` if none. */
function firstShort({ typical }: CertificateGoal, breaches: number, first: number, next: number): number {
  if (breaches < first * typical - 1) return first;
  return firstTrue(first, next, (n) => chanceOfAtMost(breaches, n, typical) < CERTAIN_ENOUGH);
}

/** Smallest n in [low, high) for which a condition that never turns false again holds; `high` if none. */
export function firstTrue(low: number, high: number, holds: (n: number) => boolean): number {
  while (low < high) {
    const middle = floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

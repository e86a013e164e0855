import type { Arm, RateProbe } from '../gate-plan';
import { lnChoose } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { floor, log, log1p, max, min, sqrt } = Math;

/** One arm's part of a minute or of a window: samples, and those of them that missed their bound. */
export type Counts = Pick<Arm, 'n' | 'breaches'>;

/** Both arms in the same minute. */
export interface PairedCounts {
  readonly canary: Counts;
  readonly stable: Counts;
}

/** A count of zero adds nothing, even to −∞. */
function times(count: number, ln: number): number {
  return count === 0 ? 0 : count * ln;
}

/**
 * ln e_abs: the evidence of an arm for a breach chance of q, against "no sample's chance exceeds p".
 *
 * Its expectation is at most 1 while every chance is at most p, and exactly 1 at p. Needs p < q < 1.
 */
export function lnAbs(q: number, p: number, { n, breaches }: Counts): number {
  return times(breaches, log(q / p)) + times(n - breaches, log1p(-q) - log1p(-p));
}

/**
 * ln e_rel: the evidence for q on the canary and b on the stable, against "the canary's chance in this minute is at most
 * the stable's", whatever the level of both. Needs b < q < 1; an arm without a sample tells nothing.
 *
 * @see Turner, Ly, Grünwald, "Generic E-variables for exact sequential k-sample tests", 2024, with the minute as the block
 */
export function lnRel(q: number, b: number, { canary, stable }: PairedCounts): number {
  if (canary.n === 0 || stable.n === 0) return 0;
  const m = (canary.n * q + stable.n * b) / (canary.n + stable.n);
  return lnAbs(q, m, canary) + lnAbs(b, m, stable);
}

/**
 * ln e_line: the evidence for q on the canary and s on the stable, against "the canary's chance is at most p0, lifted by what
 * the stable's is above typical":
 *
 *     1 − pC ≥ c · (1 − pS),  c = (1 − p0) / (1 − typical)
 *
 * Trouble that fails a share of the requests on both arms scales both sides alike, so it leaves an innocent release
 * innocent; and a canary no worse than the stable is on the innocent side too, as c < 1. An arm without a sample tells
 * nothing, nor does an alternative that is innocent itself.
 *
 * It is the likelihood ratio of (q, s) over (mC, mS), the innocent pair nearest to it: where nC·KL(q‖mC) + nS·KL(s‖mS) is
 * least, which is on the line and the root of a quadratic. Its expectation is at most 1 for every innocent pair, because the
 * innocent are a convex set: with dC = (q − mC)/(mC(1 − mC)) and dS alike, being nearest means
 * nC·dC·(pC − mC) + nS·dS·(pS − mS) ≤ 0, and the expectation is (1 + dC(pC − mC))^nC (1 + dS(pS − mS))^nS ≤ exp(that).
 */
export function lnLifted(
  [q, s]: readonly [q: number, s: number],
  { p0, typical }: Pick<RateProbe, 'p0' | 'typical'>,
  { canary, stable }: PairedCounts,
): number {
  const c = (1 - p0) / (1 - typical);
  if (canary.n === 0 || stable.n === 0 || 1 - q >= c * (1 - s)) return 0;
  const share = canary.n / (canary.n + stable.n);
  const linear = 1 - c - share * q - (1 - share) * s * c;
  const constant = (1 - share) * s * (1 - c);
  const root = sqrt(linear * linear + 4 * c * constant);
  const mS = linear < 0 ? (root - linear) / (2 * c) : (2 * constant) / (root + linear);
  return lnAbs(q, 1 - c * (1 - mS), canary) + lnAbs(s, mS, stable);
}

/**
 * ln e_ni: the evidence of non-inferiority, against "the canary's odds of a breach are at least twice the stable's".
 *
 * The likelihood ratio of odds ratio 1 against 2, given the breaches of both arms together; so it is exact for any common
 * level. Whole numbers only.
 */
export function lnNonInferior({ canary, stable }: PairedCounts): number {
  const breaches = canary.breaches + stable.breaches;
  if (breaches === 0 || canary.n === 0 || stable.n === 0) return 0;
  return (
    lnWeighedSplits(canary.n, stable.n, breaches) - lnChoose(canary.n + stable.n, breaches) - canary.breaches * Math.LN2
  );
}

/**
 * ln Σ_u 2^u · C(nC, u) · C(nS, T − u) over every split of T breaches between the arms.
 *
 * Terms rise to one peak and fall: summed outward from the peak, by their ratios, until they no longer count. So ten
 * million samples cost thousands of steps and not millions.
 */
function lnWeighedSplits(nC: number, nS: number, breaches: number): number {
  const least = max(0, breaches - nS);
  const most = min(nC, breaches);
  /** Term u + 1 over term u. */
  const ratio = (u: number) => (2 * (nC - u) * (breaches - u)) / ((u + 1) * (nS - breaches + u + 1));
  const peak = firstBelowOne(ratio, least, most);
  let sum = 1;
  for (let u = peak, term = 1; u < most && term > sum * Number.EPSILON; u++) {
    term *= ratio(u);
    sum += term;
  }
  for (let u = peak, term = 1; u > least && term > sum * Number.EPSILON; u--) {
    term /= ratio(u - 1);
    sum += term;
  }
  return peak * Math.LN2 + lnChoose(nC, peak) + lnChoose(nS, breaches - peak) + log(sum);
}

/** Smallest u in [least, most] at which a falling ratio is below 1; `most` if it never is. */
function firstBelowOne(ratio: (u: number) => number, least: number, most: number): number {
  let low = least;
  let high = most;
  while (low < high) {
    const middle = floor((low + high) / 2);
    if (ratio(middle) < 1) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Relative entropy of a chance of a against one of b, in nats. */
export function divergence(a: number, b: number): number {
  const term = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return term(a, b) + term(1 - a, 1 - b);
}

/**
 * Samples of the canary that any rule needs on average to roll back a release at p, if it rolls back one at p0 with probability
 * alpha at most and finds this one almost surely.
 *
 * It knows nothing of an environment, of two minutes that must agree, or of a stable to compare with.
 *
 * @see Wald, "Sequential Tests of Statistical Hypotheses", 1945
 */
export function leastSamples(p: number, p0: number, alpha: number): number {
  return Math.log(1 / alpha) / divergence(p, p0);
}

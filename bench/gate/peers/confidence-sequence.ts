/** Samples and breaches of each arm so far; as many samples on both. */
export interface Proportions {
  readonly perArm: number;
  readonly canary: number;
  readonly stable: number;
}

/**
 * Lower limit of a one-sided asymptotic confidence sequence on how much more often the canary breaches, as GrowthBook's safe rollouts
 * compute it. Above 0 the rollout is called harmful.
 *
 * With n = 2·perArm and ρ² tuned so that the interval is narrowest at `tuning` samples.
 *
 * @returns −Infinity while no sample tells the arms apart
 * @see https://docs.growthbook.io/statistics/sequential
 * @see https://arxiv.org/abs/2103.06476, equation 155
 */
export function lowerLimit({ perArm, canary, stable }: Proportions, alpha: number, tuning: number): number {
  const [pC, pS] = [canary / perArm, stable / perArm];
  const n = 2 * perArm;
  const variance = (n * (pC * (1 - pC) + pS * (1 - pS))) / perArm;
  if (!(variance > 0)) return -Infinity;
  return pC - pS - halfWidth(variance, n, rhoSquared(alpha, tuning), alpha);
}

/** ρ² that makes the sequence narrowest at so many samples. */
export function rhoSquared(alpha: number, tuning: number): number {
  return (-2 * Math.log(2 * alpha) + Math.log(1 - 2 * Math.log(2 * alpha))) / tuning;
}

/** Half-width for a mean of n values with this variance. */
export function halfWidth(variance: number, n: number, rho2: number, alpha: number): number {
  const grown = n * rho2 + 1;
  return Math.sqrt(variance) * Math.sqrt(((2 * grown) / (n * n * rho2)) * Math.log(1 + Math.sqrt(grown) / (2 * alpha)));
}

/** Status of a Canary resource, as far as its analysis moves it. */
export interface CanaryStatus {
  readonly failedChecks: number;
  readonly iterations: number;
}

export interface CanaryAnalysis {
  /** Failed checks at which the canary is rolled back. */
  readonly threshold: number;
  /** Successful checks after which it is promoted. */
  readonly iterations: number;
}

export type CanaryPhase = 'Progressing' | 'Promoting' | 'Failed';

/**
 * One interval of an analysis with iterations.
 *
 * Whether the threshold is reached is asked before the checks of the interval are made, so a rollback comes one interval after the check
 * that caused it. A failed check counts, is never forgotten, and does not advance the analysis.
 *
 * @see https://docs.flagger.app/usage/how-it-works#canary-analysis
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/controller/scheduler.go advanceCanary
 */
export function advanceCanary(
  { threshold, iterations }: CanaryAnalysis,
  status: CanaryStatus,
  checksPass: boolean,
): { readonly phase: CanaryPhase; readonly status: CanaryStatus } {
  if (status.failedChecks >= threshold) return { phase: 'Failed', status };
  if (!checksPass) return { phase: 'Progressing', status: { ...status, failedChecks: status.failedChecks + 1 } };
  if (status.iterations < iterations)
    return { phase: 'Progressing', status: { ...status, iterations: status.iterations + 1 } };
  return { phase: 'Promoting', status };
}

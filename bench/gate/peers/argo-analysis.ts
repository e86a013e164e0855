export type Measurement = 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
export type AnalysisPhase = 'Pending' | 'Running' | Measurement;

/** A metric of an AnalysisTemplate. */
export interface AnalysisMetric {
  /** Failed measurements that are tolerated. @default 0 */
  readonly failureLimit?: number;
  /** @default 0 */
  readonly inconclusiveLimit?: number;
  /** @default 4 */
  readonly consecutiveErrorLimit?: number;
  /** Measurements after which the metric is Successful; without it the metric runs until it is ended. */
  readonly count?: number;
}

/**
 * Phase of a metric of an analysis run.
 *
 * Failures count in total, not in a row; errors in a row. A limit is broken by more than its number, the limits are looked at before the
 * count, and a run that is ended before a limit is broken is Successful, even without a measurement.
 *
 * @param ended whether the rollout has ended the run, as it does with a background analysis
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
 * @see https://github.com/argoproj/argo-rollouts/blob/master/analysis/analysis.go assessMetricStatus
 */
export function analysisPhase(
  metric: AnalysisMetric,
  measurements: readonly Measurement[],
  ended: boolean,
): AnalysisPhase {
  const { failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = 4, count = Infinity } = metric;
  if (measurements.length === 0) return ended ? 'Successful' : 'Pending';
  const counted = measurements.filter((measurement) => measurement !== 'Error');
  const of = (wanted: Measurement) => counted.filter((measurement) => measurement === wanted).length;
  if (of('Failed') > failureLimit) return 'Failed';
  if (of('Inconclusive') > inconclusiveLimit) return 'Inconclusive';
  if (errorsInARow(measurements) > consecutiveErrorLimit) return 'Error';
  return ended || counted.length >= count ? 'Successful' : 'Running';
}

function errorsInARow(measurements: readonly Measurement[]): number {
  const lastOther = measurements.findLastIndex((measurement) => measurement !== 'Error');
  return measurements.length - 1 - lastOther;
}

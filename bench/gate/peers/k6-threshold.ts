/**
 * k6's percentile of a Trend: by linear interpolation between the two nearest samples; 0 of nothing.
 *
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds/
 * @see https://github.com/grafana/k6/blob/v1.0.0/metrics/sink.go TrendSink.P
 */
export function trendPercentile(samples: ArrayLike<number>, share: number): number {
  if (samples.length === 0) return 0;
  const sorted = Float64Array.from(samples).sort();
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** Whether `p(95)<bound`, or the like, holds for all samples of a run. */
export function trendHolds(samples: ArrayLike<number>, share: number, bound: number): boolean {
  return trendPercentile(samples, share) < bound;
}

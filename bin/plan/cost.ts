import type { Plan } from '../../lib/model/gate-plan';

/** US dollars, ap-southeast-1, list prices of 2026. @see https://aws.amazon.com/lambda/pricing/ */
const GB_SECOND = 1.66667e-5;
const INVOCATION = 0.2 / 1_000_000;

/** A metric is charged for each hour in which it is written. @see https://aws.amazon.com/cloudwatch/pricing/ */
const METRIC_HOUR = 0.3 / 730;

/** The prober's memory in GiB; it runs for the whole minute. The gate's run each minute is short beside it. */
const PROBER_GIB = 0.5;

/** Samples, breaches and hard failures of each arm, and what was misrouted. */
const METRICS_OF_PROBE = 7;

/** Metrics that alarms stand on. */
const SIGNALS = 2;

export interface ProbeCost {
  readonly lambda: number;
  readonly metrics: number;
}

/** What the probes of one typical release cost in AWS, in US dollars, above the load they put on the system itself. */
export function costOfRelease({ bakeMin, probes }: Plan): ProbeCost {
  const hours = Math.ceil(bakeMin / 60) + 1;
  return {
    lambda: bakeMin * (60 * PROBER_GIB * GB_SECOND + 2 * INVOCATION),
    metrics: (probes.length * METRICS_OF_PROBE + SIGNALS) * hours * METRIC_HOUR,
  };
}

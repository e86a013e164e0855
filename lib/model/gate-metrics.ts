/** What the prober and the gate publish. Alarms, dashboards and the gate's own queries name it from here. */
export const GATE_METRICS = {
  /** Counts of a minute; statistic Sum, period 60 s. With {@link METRIC_DIMENSIONS}. */
  samples: 'Samples',
  breaches: 'Breaches',
  hard: 'HardFailures',
  /** Samples that neither known release answered; without an arm. */
  misrouted: 'Misrouted',
  /** 1 while a release is taken back. Without dimensions, as are the two below. */
  abort: 'ReleaseAbort',
  /** ln of the release's evidence over its limit: at 0 or more the release is guilty. */
  evidence: 'RollbackEvidence',
} as const;

/**
 * Dimensions of the counts. Each count is published twice: with all three, which is how the gate reads one release, and without the
 * release, so that an alarm can stand on whichever release is the canary.
 */
export const METRIC_DIMENSIONS = { release: 'Release', probe: 'Probe', arm: 'Arm' } as const;

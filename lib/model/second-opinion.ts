/**
 * Limits of the alarms that stand in every service's deployment beside the gate.
 *
 * Coarse on purpose: a trouble that both arms share passes, and must not undo a good release; the probes carry the verdict.
 */
export const SECOND_OPINION = {
  /** Minutes in a row that must all be over. */
  minutes: 3,
  /** Share of answers that are 5xx. */
  errorShare: 0.5,
  p95Seconds: 2.5,
  /** Requests a minute below which nothing is said. */
  leastRequests: 5,
} as const;

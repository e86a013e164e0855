/** Limits of the alarms that tell people something, besides those of a release. */
export const WATCH = {
  /** `event_delivery_lag_ms`, p95. */
  deliveryLagMs: 3_000,
  /** Jobs waiting on one queue. */
  queueDepth: 1_000,
  /** Share of the front's answers that are 5xx. */
  errorShare: 0.01,
  /** p95 of an inner service in seconds. */
  innerP95Seconds: 0.25,
  databaseCpuPercent: 70,
  /** Bytes below which a database's storage counts as nearly full, as a share of its first size. */
  databaseFreeShare: 0.1,
  /** Sessions that wait for a lock for longer than a second, seen in the log in five minutes. */
  lockWaits: 5,
  /** With noeviction a full cache refuses writes. */
  cacheMemoryPercent: 60,
} as const;

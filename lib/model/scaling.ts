/** When more tasks are started. Starting values, to be set by a load test. */
export const SCALING = {
  /** Percent of a task's CPU kept on average. */
  cpuPercent: { connections: 60, latency: 70, requests: 60, backlog: 70 },
  /** Open websockets for each half vCPU. */
  connectionsPerHalfCpu: 1_000,
  /** p95 in seconds over three minutes, and the tasks it adds. */
  latencySteps: [
    { above: 0.25, add: 1 },
    { above: 0.5, add: 2 },
  ],
  /** Of one task, i.e. 50 a second. */
  requestsPerMinute: 3_000,
  /** Acceptable wait 60 s ÷ 2 s for a job × 5 at once. */
  backlogPerTask: 150,
} as const;

import type { EnvName } from '../lib/model/system';

/** What a month's use is taken to be, where no template says it. */
export interface Usage {
  /** Capacity units of the load balancer, on average. */
  readonly balancerUnits: number;
  readonly natGb: number;
  readonly firewallRequestsM: number;
  readonly logsGb: number;
  /** Metrics of the services' own, besides alarms' and probes'. */
  readonly metrics: number;
  /** Metrics of Container Insights, where it is on. */
  readonly insightMetrics: number;
  readonly imagesGb: number;
  /** In a bucket of a system's objects, old versions included. */
  readonly objectsGb: number;
  /** Backup beyond the part that is free with the storage, and the copy in the second region. */
  readonly backupGb: number;
  readonly backupCopyGb: number;
  /** Whether the account's security services are this environment's to pay. */
  readonly guarded: boolean;
  /** Releases a month; each runs its canary and its pipeline once. */
  readonly releases: number;
}

/** Of a small product: three million requests a month in prod, a handful of testers elsewhere. @see docs/architecture.md */
export const USAGE: Readonly<Record<EnvName, Usage>> = {
  dev: {
    ...{ balancerUnits: 0.1, natGb: 0, firewallRequestsM: 0, logsGb: 1, metrics: 5, insightMetrics: 0 },
    ...{ imagesGb: 3, objectsGb: 1, backupGb: 0, backupCopyGb: 0, releases: 0, guarded: false },
  },
  staging: {
    ...{ balancerUnits: 0.1, natGb: 0, firewallRequestsM: 0.1, logsGb: 2, metrics: 5, insightMetrics: 0 },
    ...{ imagesGb: 5, objectsGb: 1, backupGb: 0, backupCopyGb: 0, releases: 40, guarded: false },
  },
  prod: {
    ...{ balancerUnits: 0.5, natGb: 20, firewallRequestsM: 3, logsGb: 10, metrics: 10, insightMetrics: 150 },
    ...{ imagesGb: 5, objectsGb: 65, backupGb: 10, backupCopyGb: 25, releases: 20, guarded: true },
  },
};

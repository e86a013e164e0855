import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { CanaryPointer } from '../../lib/model/release';
import type { Lane } from './hook';

/**
 * A place that keeps records by key, e.g. `releases/v1.4.0/verdict.json`: an S3 bucket in AWS, a folder in the rehearsal.
 *
 * Bodies are text. Reads see every write that came before them.
 */
export interface LedgerStore {
  get(key: string): Promise<string | undefined>;
  /** Write unless something stands there already: of any number of writers at once exactly one gets `true`. */
  putIfAbsent(key: string, body: string): Promise<boolean>;
  put(key: string, body: string): Promise<void>;
  /** Keys under a prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
}

/** Where the prober's counts are kept: CloudWatch in AWS, a file in the rehearsal. */
export interface MetricsStore {
  /**
   * Add the counts of one wall-clock minute.
   *
   * @param minuteStart milliseconds since the epoch, a whole minute
   */
  publish(release: string, minuteStart: number, counts: Minute['probes']): Promise<void>;
  /**
   * All minutes that have closed, in order and without a gap; a minute nobody reported is there with no probes.
   *
   * @param startedAt milliseconds since the epoch at which the canary took its first share; minute 1 is the first whole one after it
   */
  minutes(plan: Plan, startedAt: number): Promise<readonly Minute[]>;
  /** One number that an alarm stands on, e.g. `ReleaseAbort` = 1. */
  signal(name: 'ReleaseAbort' | 'RollbackEvidence', value: number): Promise<void>;
}

/** The parameter that tells services who is canary. */
export interface PointerStore {
  read(): Promise<CanaryPointer | undefined>;
  write(pointer: CanaryPointer | undefined): Promise<void>;
}

export type DeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'
  | 'SUCCESSFUL';

const ENDED: readonly DeploymentStatus[] = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** Whether a deployment will change nothing any more. */
export function hasEnded({ status }: { readonly status: DeploymentStatus }): boolean {
  return ENDED.includes(status);
}

/** One deployment of one service, as ECS tells of it. */
export interface ServiceDeployment {
  readonly arn: string;
  readonly service: string;
  readonly lane: Lane;
  readonly status: DeploymentStatus;
  /** RELEASE_ID in the target revision's task definition. */
  readonly release: string;
  /** Digests of the target revision's images. */
  readonly digests: readonly string[];
  /** Service revisions it replaces; empty for the first deployment ever. */
  readonly sourceRevisions: readonly string[];
  /** Production weight of the target revision in percent. */
  readonly weight: number;
  readonly alarms: 'MONITORING' | 'TRIGGERED' | 'MONITORING_COMPLETE' | 'DISABLED' | 'NONE';
  /** Why ECS rolls it back, where it does. */
  readonly rollback?: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** What the gate may ask of ECS, and the little it may do to it. */
export interface DeploymentPort {
  describe(arn: string): Promise<ServiceDeployment>;
  /** The latest deployment of each service on the release path, first the front's. */
  latest(): Promise<readonly ServiceDeployment[]>;
  /** Stop with ROLLBACK. Resolves also when the deployment has already ended. */
  stop(arn: string): Promise<void>;
  /** Set the size of the canary workers; 0 stops them. The release decides which image they run. */
  scaleCanaryWorkers(count: number): Promise<void>;
  canaryWorkers(): Promise<{
    readonly desired: number;
    readonly running: number;
    readonly release: string | undefined;
  }>;
}

/** Tells people. Never fails the caller. */
export interface NoticePort {
  notify(subject: string, text: string): Promise<void>;
}

/** One request through a test rule, for the smoke test of a new revision. */
export interface SmokePort {
  /** @returns the release that answered and whether its health endpoint was satisfied */
  ask(
    service: string,
  ): Promise<{ readonly release: string | undefined; readonly healthy: boolean; readonly detail: string }>;
}

/** The clock that starts the prober each minute. Both may be repeated. */
export interface SchedulePort {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Everything the gate asks of the outside world. AWS implements it once, the rehearsal once, the tests once. */
export interface GatePorts {
  readonly ledger: LedgerStore;
  readonly metrics: MetricsStore;
  readonly pointer: PointerStore;
  readonly deployments: DeploymentPort;
  readonly notices: NoticePort;
  readonly smoke: SmokePort;
  /** @default - somebody else calls the prober each minute, release or not */
  readonly schedule?: SchedulePort;
  /** Milliseconds since the epoch. */
  now(): number;
}

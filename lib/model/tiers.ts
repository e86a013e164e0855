import { PLAN_CONSTANTS } from './gate-defaults';
import type { EnvName, Role, Rollout, ServiceSize } from './system';

/** What dev, staging or prod means for every system that does not say otherwise. @see docs/architecture.md */
export interface Tier {
  /** Hours a month in which the containers and the database run; the rest they are stopped by schedule. */
  readonly hoursPerMonth: number;
  /** The schedule that makes these hours. @default - never stopped */
  readonly hours?: OfficeHours;
  readonly capacity: 'spot' | 'on-demand';
  /** How private subnets reach the internet, and from how many zones. */
  readonly egress: { readonly kind: 'nat-instance' | 'nat-gateway'; readonly count: number };
  readonly sizes: Readonly<Record<Role, Required<ServiceSize>>>;
  readonly database: DatabaseTier;
  /** `task`: one container that keeps nothing, where losing the queue costs nobody anything. */
  readonly cache:
    | { readonly kind: 'task' }
    | { readonly kind: 'nodes'; readonly node: string; readonly replicas: number };
  /** Days that logs are kept. */
  readonly logDays: 7 | 14 | 90;
  /** Web ACL before the front door; without one, only `allowedAddresses` may enter. */
  readonly firewall: boolean;
  readonly containerInsights: boolean;
  /** Whether stores survive their stack, and stacks refuse to be deleted. */
  readonly retain: boolean;
  readonly monthlyBudgetUsd: number;
}

/** Hours of the day, from and up to. */
export interface OfficeHours {
  readonly from: number;
  readonly to: number;
  /** As in a cron expression, e.g. `MON-FRI`. */
  readonly weekDays: string;
  readonly timeZone: string;
}

export interface DatabaseTier {
  /** Without the `db.` prefix. */
  readonly instance: string;
  readonly multiAz: boolean;
  readonly storageGiB: number;
  /** Days of point-in-time recovery. */
  readonly keepDays: number;
}

const QUARTER = { cpu: 256, memoryMiB: 512 } as const;
const HALF = { cpu: 512, memoryMiB: 1024 } as const;

const SMALL_DATABASE = { instance: 't4g.micro', multiAz: false, storageGiB: 20 } as const;

export const TIERS: Readonly<Record<EnvName, Tier>> = {
  dev: {
    hoursPerMonth: 220,
    hours: { from: 9, to: 19, weekDays: 'MON-FRI', timeZone: 'Asia/Singapore' },
    capacity: 'spot',
    egress: { kind: 'nat-instance', count: 1 },
    sizes: {
      front: { ...QUARTER, minCount: 1, maxCount: 2 },
      inner: { ...QUARTER, minCount: 1, maxCount: 2 },
      worker: { ...QUARTER, minCount: 1, maxCount: 2 },
    },
    database: { ...SMALL_DATABASE, keepDays: 7 },
    cache: { kind: 'task' },
    logDays: 7,
    firewall: false,
    containerInsights: false,
    retain: false,
    monthlyBudgetUsd: 50,
  },
  staging: {
    hoursPerMonth: 350,
    hours: { from: 7, to: 23, weekDays: 'MON-FRI', timeZone: 'Asia/Singapore' },
    capacity: 'spot',
    egress: { kind: 'nat-instance', count: 1 },
    sizes: {
      front: { ...QUARTER, minCount: 2, maxCount: 3 },
      inner: { ...QUARTER, minCount: 1, maxCount: 2 },
      worker: { ...QUARTER, minCount: 1, maxCount: 2 },
    },
    database: { ...SMALL_DATABASE, keepDays: 14 },
    cache: { kind: 'nodes', node: 'cache.t4g.micro', replicas: 0 },
    logDays: 14,
    firewall: true,
    containerInsights: false,
    retain: false,
    monthlyBudgetUsd: 90,
  },
  prod: {
    hoursPerMonth: 730,
    capacity: 'on-demand',
    egress: { kind: 'nat-gateway', count: 1 },
    sizes: {
      front: { ...HALF, minCount: 2, maxCount: 6 },
      inner: { ...HALF, minCount: 2, maxCount: 6 },
      worker: { ...HALF, minCount: 1, maxCount: 6 },
    },
    database: { instance: 't4g.small', multiAz: true, storageGiB: 20, keepDays: 14 },
    cache: { kind: 'nodes', node: 'cache.t4g.micro', replicas: 1 },
    logDays: 90,
    firewall: true,
    containerInsights: true,
    retain: true,
    monthlyBudgetUsd: 400,
  },
};

/** How a release reaches each tier. Staging bakes for as short as its probes can still certify a release. */
export const ROLLOUTS: Readonly<Record<EnvName, Rollout>> = {
  dev: { kind: 'all-at-once' },
  staging: {
    kind: 'canary',
    percent: 10,
    finalBakeMinutes: 2,
    plan: { ...PLAN_CONSTANTS, bakeMin: 12, hardStopMin: 40, burnInMin: 1, tailMin: 11 },
  },
  prod: { kind: 'canary', percent: 10, finalBakeMinutes: 10, plan: PLAN_CONSTANTS },
};

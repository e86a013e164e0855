import type { ExactProbe, PlanV2, RateProbe } from './gate-plan';
import type { MaskedData } from './masked-data';
import type { DeliveryConfig, PipelineConfig } from './pipelines';
import type { DatabaseTier, Tier } from './tiers';

export const ENV_NAMES = ['dev', 'staging', 'prod'] as const;
export type EnvName = (typeof ENV_NAMES)[number];

/** A system as its owner writes it: one file in `systems/`. Sizes and the like default by tier; see tiers.ts. */
export interface SystemConfig {
  /** Lower-case word; the first part of every stack's name. */
  readonly name: string;
  /** The service that users reach first; its canary takes their share. */
  readonly front: string;
  readonly services: Readonly<Record<string, ServiceConfig>>;
  readonly stores: Readonly<Record<string, StoreConfig>>;
  readonly probes: readonly ProbeConfig[];
  /** Containers that run once, by hand or by the pipeline: migrations and the like. */
  readonly tasks?: Readonly<Record<string, TaskConfig>>;
  /** Account and region of the image registry, with a repository `<system>/<image>` for each image. @default - built where it is deployed */
  readonly registry?: { readonly account: string; readonly region: string };
  /** Kill switches and feature flags, with the value that is safest when nobody can be asked. */
  readonly flags?: Readonly<Record<string, boolean>>;
  /** The pipelines, in the registry's account. @default - none: it is deployed by hand */
  readonly delivery?: DeliveryConfig;
  readonly envs: Readonly<Record<EnvName, EnvironmentConfig>>;
}

/** A container that serves HTTP (`web`) or takes jobs from a queue (`worker`). */
export interface ServiceConfig {
  readonly kind: 'web' | 'worker';
  /** Port the container listens on; web only. */
  readonly port?: number;
  /** Stores this service may reach; it gets credentials and network access to no other. */
  readonly uses: readonly string[];
  /** Services it calls. It forwards the release header on each of these calls. */
  readonly calls?: readonly string[];
  /** Queues a worker takes jobs from. */
  readonly queues?: readonly string[];
  /** Environment variables it must have besides those the app sets itself. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets it reads: environment variable to the secret's name, e.g. `{ AI_HMAC_SECRETS: 'ai-hmac' }`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether it signs tokens with the environment's key, which it is told in JWT_SIGNING_KEY. */
  readonly signsTokens?: boolean;
  /** Whether it reads the flags, from FLAGS_URL. */
  readonly readsFlags?: boolean;
  /** First label of an inner service's private name. @default - the service's name */
  readonly internalName?: string;
  /** What more tasks are started for, besides CPU. @default - the front `connections`, an inner service `latency`, a worker `backlog` */
  readonly scalesOn?: ScalesOn;
  readonly size?: ServiceSize;
}

export type ScalesOn = 'connections' | 'latency' | 'requests' | 'backlog';

/** A one-off container: its image, and what it may reach. */
export interface TaskConfig {
  /** Image target, as of a service. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly uses: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variable to the secret's name; `probe` is the probe account's password. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** @default - the tier's size for the service's role (front, inner, worker) */
export interface ServiceSize {
  /** One vCPU is 1024 CPU units. */
  readonly cpu?: 256 | 512 | 1024 | 2048 | 4096;
  readonly memoryMiB?: number;
  /** Tasks kept while nothing is being deployed, and the most that scaling may start. */
  readonly minCount?: number;
  readonly maxCount?: number;
}

/** A stateful thing that outlives every deployment. */
export type StoreConfig =
  | {
      readonly kind: 'postgres' | 'mysql';
      readonly readReplicas?: number;
      readonly poolPerTask?: number;
      /** @default - the tier's, field by field */
      readonly size?: Partial<DatabaseTier>;
      /** What must hold of a backup that was restored: SQL that answers with one boolean, by the claim it proves. */
      readonly restoreChecks?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'external-postgres';
      readonly secret: string;
      readonly maxConnections: number;
      readonly poolPerTask?: number;
    }
  | { readonly kind: 'cache'; readonly replicas?: number }
  | { readonly kind: 'bucket'; readonly archiveAfterDays?: number };

/** What a rate probe promises, and how hard it looks. @see docs/gate.md */
export type Objective = Pick<RateProbe, 'p0' | 'pTol' | 'typical' | 'mustCatch' | 'perMinute' | 'burst' | 'weight'>;

interface TimedProbe {
  readonly id: string;
  /** A sample slower than this, or failed, is a breach. */
  readonly boundMs: number;
  readonly objective: Objective;
}

/** A promise that a release must keep on the canary before it is promoted. */
export type ProbeConfig =
  /** GET a path with the probe user's session. */
  | ({ readonly kind: 'http'; readonly path: string } & TimedProbe)
  /** Send over a websocket what must come back as an event, once and in order. */
  | ({ readonly kind: 'delivery'; readonly path: string } & TimedProbe)
  /** Start a job by POST and watch its progress reach 100 %. */
  | ({ readonly kind: 'job'; readonly path: string; readonly queue: string } & TimedProbe)
  /** Read a health report; a breach if a needed component is down. */
  | ({ readonly kind: 'health'; readonly path: string; readonly components: readonly string[] } & TimedProbe)
  /** Every request and handshake that the other probes make: transport error, timeout or 5xx is a breach. */
  | { readonly kind: 'success'; readonly id: string; readonly objective: Objective }
  /** Real users' requests, as the load balancer counts them for each target group: one slower than this is a breach; without it, a 5xx. */
  | {
      readonly kind: 'traffic';
      readonly id: string;
      readonly slowerThanMs?: number;
      readonly objective: Omit<Objective, 'perMinute' | 'burst'>;
    }
  /** POST a fixed body; the hash of the answer must be the release's expected one. */
  | ({ readonly kind: 'fixture'; readonly id: string; readonly path: string; readonly body: JsonObject } & Pick<
      ExactProbe,
      'perMinute' | 'burst' | 'confirm'
    >);

export type JsonObject = { readonly [field: string]: JsonValue };
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** How a release reaches an environment. */
export type Rollout =
  | { readonly kind: 'all-at-once' }
  | {
      readonly kind: 'canary';
      /** Share of the users the canary serves while it is judged, 0.1 to 50. */
      readonly percent: number;
      /** How long the old release stays ready after promotion. */
      readonly finalBakeMinutes: number;
      /** The plan's constants; bakeMin and hardStopMin are the bake. */
      readonly plan: PlanConstants;
    };

export type PlanConstants = Omit<PlanV2, 'version' | 'release' | 'stable' | 'probes' | 'hotfix' | 'finalBakeMin'>;

/** What differs from one environment to the next; everything else is shared or comes from the tier. */
export interface EnvironmentConfig {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** What users type; the certificate and the DNS record are made for it. */
  readonly domain: string;
  /** Public zone that the domain lies in. The only thing of an environment that is made by hand, once. */
  readonly hostedZone: HostedZoneConfig;
  /** IPv4 addresses or ranges that may enter where the tier has no firewall. @default - nobody */
  readonly allowedAddresses?: readonly string[];
  /** Who is told of alarms, releases and spending. */
  readonly notify?: readonly string[];
  /** Second region, for copies of backups and for a stack that stands ready to be deployed. @default - none */
  readonly recoveryRegion?: string;
  /** @default - the tier's rollout, field by field */
  readonly rollout?: RolloutOverride;
  /** @default - the system's, field by field */
  readonly services?: Readonly<Record<string, ServiceOverride>>;
  readonly stores?: Readonly<Record<string, Partial<StoreConfig>>>;
}

export interface HostedZoneConfig {
  /** E.g. `Z0123456789ABCDEFGHIJ`. */
  readonly id: string;
  readonly name: string;
}

export type ServiceOverride = Partial<Pick<ServiceConfig, 'size' | 'environment'>>;

export type RolloutOverride =
  | { readonly kind: 'all-at-once' }
  | {
      readonly kind?: 'canary';
      readonly percent?: number;
      readonly finalBakeMinutes?: number;
      readonly plan?: Partial<PlanConstants>;
    };

/** Where a service stands on the release path. */
export type Role = 'front' | 'inner' | 'worker';

/** A service with every default filled in. */
export interface Service extends Omit<ServiceConfig, 'size' | 'internalName' | 'scalesOn'> {
  readonly name: string;
  readonly role: Role;
  readonly calls: readonly string[];
  readonly queues: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly internalName: string;
  readonly scalesOn: ScalesOn;
  readonly size: Required<ServiceSize>;
}

/** A one-off container with every default filled in. */
export type Task = Required<TaskConfig> & { readonly name: string };

/** One system in one environment: complete, checked and frozen. */
export interface SystemModel {
  readonly name: string;
  readonly env: EnvName;
  readonly account: string;
  readonly region: string;
  readonly domain: string;
  readonly hostedZone: HostedZoneConfig;
  readonly allowedAddresses: readonly string[];
  readonly notify: readonly string[];
  readonly recoveryRegion?: string;
  readonly front: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly tasks: Readonly<Record<string, Task>>;
  readonly registry?: SystemConfig['registry'];
  /** What releases to it, from the registry's account. @default - people do */
  readonly pipeline?: PipelineConfig;
  readonly maskedData?: MaskedData;
  readonly stores: Readonly<Record<string, StoreConfig>>;
  readonly probes: readonly ProbeConfig[];
  readonly flags: Readonly<Record<string, boolean>>;
  readonly rollout: Rollout;
  readonly tier: Tier;
}

import type { ServiceName } from '../faults/fault';
import type { Secrets } from './secrets';

export interface ServiceWiring {
  /** As the services are to see them: maybe through a bad line. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly secrets: Secrets;
  readonly pointer: string;
  readonly productionUrl: string;
  /** Entrance of each inner service. */
  readonly innerUrls: Readonly<Record<string, string>>;
  /** How much faster than in AWS a minute passes. */
  readonly compression: number;
}

/** Users and probes of many minutes come within one real minute, and they all come from one address. */
const REQUESTS_PER_MINUTE = 100_000;
/** For the same reason: a pool that is right for AWS would be the bottleneck here. */
const DATABASE_POOL = 16;
const DRAIN_MS = 100;
const STOP_TIMEOUT_MS = 4_000;
/** In AWS the pointer is read every 15 s. */
const POINTER_EVERY_MS = 15_000;
const LEAST_POINTER_MS = 100;

/** The settings a service gets from its task definition in AWS. */
export function serviceEnvironment(service: ServiceName, release: string, wiring: ServiceWiring): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    RELEASE_ID: release,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    CANARY_POINTER: `file:${wiring.pointer}`,
    CANARY_POINTER_EVERY_MS: String(Math.max(LEAST_POINTER_MS, Math.round(POINTER_EVERY_MS / wiring.compression))),
    DRAIN_MS: String(DRAIN_MS),
    STOP_TIMEOUT_MS: String(STOP_TIMEOUT_MS),
    ...OWN[service](wiring),
  };
}

const OWN: Readonly<Record<ServiceName, (wiring: ServiceWiring) => NodeJS.ProcessEnv>> = {
  edge: ({ innerUrls, queueUrl, secrets, productionUrl }) => ({
    CORE_URL: innerUrls.core,
    CACHE_URL: queueUrl,
    EDGE_HMAC_SECRETS: secrets.edge,
    ALLOWED_ORIGINS: productionUrl,
    REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    SIGN_INS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    MESSAGES_PER_MINUTE: String(REQUESTS_PER_MINUTE),
  }),
  core: ({ databaseUrl, queueUrl, innerUrls, secrets }) => ({
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(DATABASE_POOL),
    CACHE_URL: queueUrl,
    QUEUE_URL: queueUrl,
    AI_URL: innerUrls.ai,
    AI_HMAC_SECRETS: secrets.ai,
    EDGE_HMAC_SECRETS: secrets.edge,
    JWT_SIGNING_KEY: secrets.signingKey,
    OUTBOX_POLL_MS: '250',
  }),
  ai: ({ secrets }) => ({ AI_HMAC_SECRETS: secrets.ai }),
  worker: ({ databaseUrl, queueUrl, innerUrls, secrets }) => ({
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(DATABASE_POOL),
    CACHE_URL: queueUrl,
    QUEUE_URL: queueUrl,
    QUEUES: 'import',
    AI_URL: innerUrls.ai,
    AI_HMAC_SECRETS: secrets.ai,
  }),
};

import { type FastifyBaseLogger, fastify } from 'fastify';
import { IMPORT_QUEUE, probeQueue } from '../core/channels';
import { Flags } from '../flags/flags';
import { answerWithRelease, opening } from '../release/contract';
import { type Health, reportHealth } from '../release/health';
import { PointerReader } from '../release/pointer';
import { writeMetric } from '../running/metric';
import { logOptions, type Running } from '../running/program';
import { COMMON, list, optional, type SettingsOf, secrets, text, url, whole, withDefault } from '../settings';
import { type Cache, openCache } from '../store/cache';
import { connectionOf, DATABASE_SETTINGS, type Database, openDatabase } from '../store/database';
import { Queues } from '../store/queue';
import { type AskAi, aiClient, heeding } from './ai-client';
import { type RunImport, runImport } from './import-job';
import { tryImport } from './tries';

const STORE = url('redis:', 'rediss:', 'postgres:', 'postgresql:');

export const WORKER_SETTINGS = {
  ...COMMON,
  ...DATABASE_SETTINGS,
  poolSize: ['DATABASE_POOL', withDefault(4, whole(1, 100))],
  cacheUrl: ['CACHE_URL', STORE],
  queueUrl: ['QUEUE_URL', STORE],
  queues: ['QUEUES', withDefault([IMPORT_QUEUE], list)],
  concurrency: ['QUEUE_CONCURRENCY', withDefault(5, whole(1, 100))],
  aiUrl: ['AI_URL', url('http:', 'https:')],
  aiSecrets: ['AI_HMAC_SECRETS', secrets],
  flags: ['FLAGS_URL', optional(url('http:', 'https:'))],
  metricNamespace: ['METRIC_NAMESPACE', withDefault('coach', text)],
  metricEveryMs: ['METRIC_EVERY_MS', withDefault(30_000, whole(100, 300_000))],
} as const;
export type WorkerSettings = SettingsOf<typeof WORKER_SETTINGS>;

/** What the service is made of; a part can be put in place of another. */
export interface WorkerParts {
  readonly runImport: RunImport;
}

/**
 * Takes jobs from the queues everybody's jobs are on, and from the probe queues that only its own release reads.
 *
 * It serves nobody; its port is for those who ask whether it is well.
 */
export async function startWorker(settings: WorkerSettings, parts: WorkerParts = { runImport }): Promise<Running> {
  const { release, logLevel, port, host } = settings;
  const app = fastify({ logger: logOptions(logLevel, 'worker', release), forceCloseConnections: true });
  const pointer = new PointerReader(settings.pointer, (error) =>
    app.log.warn({ error: String(error) }, 'cannot read the pointer'),
  );
  await pointer.follow(settings.pointerEveryMs);
  const stores = await openStores(settings, app.log);
  const switched = await heedFlags(settings, app.log, aiOf(settings, pointer));
  const workers = takeJobs(settings, stores, { ...parts, askAi: switched.askAi }, app.log);
  const metrics = setInterval(() => void publishBacklog(settings, stores), settings.metricEveryMs);
  const health = healthOf(release, stores, pointer);
  answerWithRelease(app, release);
  reportHealth(app, health);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  await app.listen({ port, host });
  return {
    stop: async () => {
      health.draining = true;
      clearInterval(metrics);
      switched.stop();
      pointer.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      await stores.queues.close();
      await stores.cache.close();
      await stores.database.end();
      await app.close();
    },
  };
}

interface Stores {
  readonly database: Database;
  readonly cache: Cache;
  readonly queues: Queues;
}

async function openStores(settings: WorkerSettings, log: FastifyBaseLogger): Promise<Stores> {
  return {
    database: openDatabase({ ...connectionOf(settings), max: settings.poolSize }, log),
    cache: await openCache(settings.cacheUrl, log),
    queues: new Queues(settings.queueUrl),
  };
}

function aiOf({ aiUrl, aiSecrets, release }: WorkerSettings, pointer: PointerReader): AskAi {
  return aiClient(aiUrl, aiSecrets, () => opening(release, pointer));
}

async function heedFlags(
  { flags: source }: WorkerSettings,
  log: FastifyBaseLogger,
  askAi: AskAi,
): Promise<{ readonly askAi: AskAi; stop(): void }> {
  if (source === undefined) return { askAi, stop: () => undefined };
  const flags = new Flags(source, log);
  await flags.follow();
  return {
    askAi: heeding(() => flags.all, askAi),
    stop: () => flags.stop(),
  };
}

function takeJobs(
  settings: WorkerSettings,
  { queues, database }: Stores,
  parts: WorkerParts & { readonly askAi: AskAi },
  log: FastifyBaseLogger,
): ReturnType<Queues['work']>[] {
  const { release, concurrency } = settings;
  const names = settings.queues.flatMap((queue) => [queue, probeQueue(queue, release)]);
  const workers = names.map((queue) =>
    queues.work<{ id: string }>(queue, concurrency, (job) => tryImport({ release, database, queue, ...parts }, job)),
  );
  for (const worker of workers) worker.on('error', (error) => log.warn({ error: error.message }, 'queue trouble'));
  log.info({ queues: names }, 'taking jobs');
  return workers;
}

/** One of all workers tells how much waits, whichever claims it. */
async function publishBacklog(
  { metricEveryMs, metricNamespace, release, queues: names }: WorkerSettings,
  { cache, queues }: Stores,
): Promise<void> {
  const seconds = Math.ceil(metricEveryMs / 1_000);
  if (!(await cache.claim('backlog-publisher', release, seconds).catch(() => false))) return;
  for (const Queue of names) {
    const depth = await queues.backlog(Queue).catch(() => undefined);
    // a depth that is not known is not zero: the alarm on a silent publisher is for this
    if (depth !== undefined) writeMetric(metricNamespace, { Queue }, { queue_depth: depth });
  }
}

function healthOf(release: string, { database, cache }: Stores, pointer: PointerReader): Health {
  return {
    ...{ draining: false, release, isReady: () => pointer.isKnown },
    components: {
      database: async () => database.query('select 1').then(() => 'up'),
      cache: async () => cache.ping().then(() => 'up'),
    },
  };
}

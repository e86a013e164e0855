import { IMPORT_QUEUE, probeQueue } from '../core/changes';
import { opening } from '../release/contract';
import { PointerReader } from '../release/pointer';
import { writeMetric } from '../running/metric';
import { logger, type Running } from '../running/program';
import { COMMON, list, type SettingsOf, secrets, text, url, whole, withDefault } from '../settings';
import { openCache } from '../store/cache';
import { type Database, openDatabase } from '../store/database';
import { ATTEMPTS, Queues, type RunningJob } from '../store/queue';
import { type AskAi, aiClient } from './ai-client';
import { type RunImport, runImport } from './import-job';

const STORE = url('redis:', 'rediss:', 'postgres:', 'postgresql:');

export const WORKER_SETTINGS = {
  ...COMMON,
  databaseUrl: ['DATABASE_URL', url('postgres:', 'postgresql:')],
  poolSize: ['DATABASE_POOL', withDefault(4, whole(1, 100))],
  cacheUrl: ['CACHE_URL', STORE],
  queueUrl: ['QUEUE_URL', STORE],
  queues: ['QUEUES', withDefault([IMPORT_QUEUE], list)],
  concurrency: ['QUEUE_CONCURRENCY', withDefault(5, whole(1, 100))],
  aiUrl: ['AI_URL', url('http:', 'https:')],
  aiSecrets: ['AI_HMAC_SECRETS', secrets],
  metricNamespace: ['METRIC_NAMESPACE', withDefault('coach', text)],
  metricEveryMs: ['METRIC_EVERY_MS', withDefault(30_000, whole(100, 300_000))],
} as const;
export type WorkerSettings = SettingsOf<typeof WORKER_SETTINGS>;

/** What the service is made of; a part can be put in place of another. */
export interface WorkerParts {
  readonly runImport: RunImport;
}

/** Takes jobs from the queues everybody's jobs are on, and from the probe queues that only its own release reads. */
export async function startWorker(settings: WorkerSettings, parts: WorkerParts = { runImport }): Promise<Running> {
  const { release, logLevel } = settings;
  const log = logger(logLevel, 'worker', release);
  const pointer = new PointerReader(settings.pointer, (error) =>
    log.warn({ error: String(error) }, 'cannot read the pointer'),
  );
  await pointer.follow(settings.pointerEveryMs);
  const database = openDatabase({ connectionString: settings.databaseUrl, max: settings.poolSize }, log);
  const cache = await openCache(settings.cacheUrl, log);
  const queues = new Queues(settings.queueUrl);
  const askAi = aiClient(settings.aiUrl, settings.aiSecrets, () => opening(release, pointer));
  const names = settings.queues.flatMap((queue) => [queue, probeQueue(queue, release)]);
  const workers = names.map((queue) =>
    queues.work<{ id: string }>(queue, settings.concurrency, (job) =>
      work({ release, database, askAi, parts, queue }, job),
    ),
  );
  for (const worker of workers) worker.on('error', (error) => log.warn({ error: error.message }, 'queue trouble'));
  const metrics = setInterval(async () => {
    const seconds = Math.ceil((2 * settings.metricEveryMs) / 1_000);
    if (!(await cache.claim('backlog-publisher', release, seconds / 2).catch(() => false))) return;
    for (const Queue of settings.queues)
      writeMetric(settings.metricNamespace, { Queue }, { queue_depth: await queues.backlog(Queue).catch(() => 0) });
  }, settings.metricEveryMs);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  log.info({ queues: names }, 'taking jobs');
  return {
    stop: async () => {
      clearInterval(metrics);
      pointer.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      await queues.close();
      await cache.close();
      await database.end();
    },
  };
}

interface Job {
  readonly release: string;
  readonly database: Database;
  readonly askAi: AskAi;
  readonly parts: WorkerParts;
  readonly queue: string;
}

/** One try of one import. The last try that fails leaves a dead letter, and the user is told. */
async function work(job: Job, { data: { id }, failures, report }: RunningJob<{ id: string }>): Promise<void> {
  const { database, release, parts, askAi } = job;
  const start = `update imports set state = 'active', release = $2, updated_at = now() where id = $1 returning row_count`;
  const { rows } = await database.query(start, [id, release]);
  if (rows.length === 0) return;
  const progress = async (percent: number) => {
    await database.query('update imports set percent = $2, updated_at = now() where id = $1', [id, percent]);
    await report(percent);
  };
  try {
    await parts.runImport({ id, rows: rows[0].row_count }, { database, askAi, report: progress });
    await database.query(`update imports set state = 'done', percent = 100, updated_at = now() where id = $1`, [id]);
  } catch (error) {
    if (failures + 1 >= ATTEMPTS.attempts) await bury(job, id, error as Error);
    throw error;
  }
}

async function bury({ database, queue, release }: Job, id: string, { message }: Error): Promise<void> {
  await database.query(`update imports set state = 'failed', updated_at = now() where id = $1`, [id]);
  const sql = 'insert into dead_letters (queue, job_id, release, reason) values ($1, $2, $3, $4)';
  await database.query(sql, [queue, id, release, message]);
}

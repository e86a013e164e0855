import {
  createPostgresBackend,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { prefixOf } from './redis-prefix';

/** How jobs are tried: three times, a little later each time, and then they are dead letters. */
export const ATTEMPTS = { attempts: 3, backoff: { type: 'exponential', delay: 200 } } as const;

/** Time after which another worker takes the job of one that died, and how often it is looked for. */
const LOCK_MS = 10_000;
const STALLED_EVERY_MS = 2_000;
/** A worker that lost its database is deaf for so long. */
const RETRY_MS = 250;

export type ProcessJob<Data> = (job: RunningJob<Data>) => Promise<void>;

export interface RunningJob<Data> {
  readonly data: Data;
  /** How often it has failed before. */
  readonly failures: number;
  report(percent: number): Promise<void>;
}

/** BullMQ on Valkey, or on PostgreSQL where a machine has no Valkey. */
export class Queues {
  private readonly onRedis: boolean;
  private readonly redis: Redis | undefined;
  private readonly classes: { readonly Queue: typeof Queue; readonly Worker: typeof Worker };
  private readonly open = new Map<string, Queue>();

  constructor(private readonly url: string) {
    this.onRedis = url.startsWith('redis');
    this.redis = this.onRedis ? new Redis(url, { maxRetriesPerRequest: null }) : undefined;
    this.redis?.on('error', () => undefined);
    // the two backends' classes differ in the type of their connection only
    this.classes = this.onRedis ? { Queue, Worker } : (withBackend(createPostgresBackend) as never);
  }

  /** Bring BullMQ's own tables up to date. Once, before anything else uses a queue; nothing to do on Valkey. */
  static async migrate(url: string): Promise<void> {
    if (url.startsWith('redis')) return;
    const pool = new Pool({ connectionString: url, max: 1 });
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
      await pool.end();
    }
  }

  /** Add a job once: the same id is the same job. */
  async add(name: string, id: string, data: object): Promise<void> {
    await this.queue(name).add('job', data, { jobId: id, ...ATTEMPTS, removeOnComplete: 1_000, removeOnFail: 5_000 });
  }

  /** Jobs that wait or run. BullMQ counts a paused queue's jobs differently on its two backends, so both are in. */
  async backlog(name: string): Promise<number> {
    const counts = await this.queue(name).getJobCounts(
      'waiting',
      'active',
      'delayed',
      'prioritized',
      'paused' as 'wait',
    );
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  work<Data>(name: string, concurrency: number, process: ProcessJob<Data>): Worker {
    const options = { concurrency, lockDuration: LOCK_MS, stalledInterval: STALLED_EVERY_MS, runRetryDelay: RETRY_MS };
    const run = (job: { data: Data; attemptsMade: number; updateProgress(percent: number): Promise<void> }) =>
      process({ data: job.data, failures: job.attemptsMade, report: (percent) => job.updateProgress(percent) });
    const { Worker: AWorker } = this.classes;
    return new AWorker(name, run as never, { ...options, ...this.connection(2) } as WorkerOptions);
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((queue) => queue.close()));
    this.redis?.disconnect();
  }

  private queue(name: string): Queue {
    const known = this.open.get(name);
    if (known) return known;
    const { Queue: AQueue } = this.classes;
    const queue = new AQueue(name, this.connection(2) as QueueOptions);
    queue.on('error', () => undefined);
    this.open.set(name, queue);
    return queue;
  }

  private connection(max: number): object {
    if (!this.redis) return { connection: { connectionString: this.url, max } };
    return { connection: this.redis, prefix: `${prefixOf(this.url)}bull` };
  }
}

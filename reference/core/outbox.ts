import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { type Database, inTransaction, type Transaction } from '../store/database';
import type { SharedLog } from '../store/log';

/** An event as it leaves for the front. */
export interface OutboxEvent {
  readonly id: string;
  readonly account: string;
  readonly payload: object;
  /** Release that dispatched it. */
  readonly release: string;
}

/** Hands an event on. Resolves when it may be forgotten. */
export type Dispatch = (event: OutboxEvent) => Promise<void>;

export interface OutboxSettings {
  readonly release: string;
  /** Rows of other releases are taken when they are so old: nothing is lost when a release goes back. */
  readonly graceMs: number;
  /** How often it looks even if nobody woke it. */
  readonly pollMs: number;
}

const CHANNEL = 'outbox';
const BATCH = 100;
/** Most lags that are kept until they are told: as many as one line of metrics takes. */
const MOST_LAGS = 100;

/** Write an event in the transaction of the change it tells of, stamped with the release that wrote it. */
export async function writeEvent(
  transaction: Transaction,
  { id, account, release, payload }: OutboxEvent,
): Promise<void> {
  await transaction.query('insert into outbox (event_id, account, release, payload) values ($1, $2, $3, $4)', [
    ...[id, account, release, JSON.stringify(payload)],
  ]);
  await transaction.query(`notify ${CHANNEL}`);
}

/**
 * Dispatches events in the order they were written, at least once each.
 *
 * A release's rows are its own: a canary's dispatcher is measured by the canary's events, and cannot spoil anyone else's.
 */
export class OutboxDispatcher {
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private listener: Client | undefined;
  private lags: number[] = [];

  constructor(
    private readonly database: Database,
    private readonly settings: OutboxSettings,
    private readonly dispatch: Dispatch,
    private readonly log: SharedLog,
  ) {}

  /** @param connection for a listener of its own */
  start(connection: ClientConfig): void {
    void this.listen(connection);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    await this.listener?.end().catch(() => undefined);
  }

  /** How long the events dispatched since the last call had waited, in milliseconds; the latest hundred of them. */
  takeLags(): readonly number[] {
    const lags = this.lags;
    this.lags = [];
    return lags;
  }

  /** Dispatch what waits. @returns how many were dispatched */
  async dispatchWaiting(): Promise<number> {
    const dispatched = await inTransaction(this.database, async (transaction) => {
      const events = await takeWaiting(transaction, this.settings);
      for (const { id, account, payload } of events)
        await this.dispatch({ id, account, payload, release: this.settings.release });
      await transaction.query('update outbox set dispatched_at = now() where event_id = any($1)', [
        events.map(({ id }) => id),
      ]);
      return events;
    });
    this.lags = [...this.lags, ...dispatched.map(({ lagMs }) => lagMs)].slice(-MOST_LAGS);
    return dispatched.length;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      const count = await this.dispatchWaiting().catch((error: Error) => {
        this.log.warn({ error: error.message }, 'could not dispatch');
        return 0;
      });
      if (count < BATCH) await Promise.race([woken, delay(this.settings.pollMs)]);
    }
  }

  /** Being woken only makes it faster, so a lost connection is tried again at the next poll's leisure. */
  private async listen(connection: ClientConfig): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const client = new Client(connection);
      const ended = new Promise<void>((resolve) => {
        client.on('end', resolve);
      });
      client.on('error', () => undefined);
      client.on('notification', () => this.wake());
      await client
        .connect()
        .then(() => client.query(`listen ${CHANNEL}`))
        .then(() => {
          this.listener = client;
          return ended;
        })
        .catch(() => undefined);
      if (!this.stopping.signal.aborted) await delay(this.settings.pollMs);
    }
  }
}

interface WaitingEvent {
  readonly id: string;
  readonly account: string;
  readonly payload: object;
  readonly lagMs: number;
}

/** One dispatcher of a release at a time, or events would overtake each other. */
async function takeWaiting(transaction: Transaction, settings: OutboxSettings): Promise<readonly WaitingEvent[]> {
  const { release, graceMs } = settings;
  const { rows: locks } = await transaction.query(
    `select pg_try_advisory_xact_lock(hashtextextended('outbox ' || $1, 0)) as mine`,
    [release],
  );
  if (!locks[0].mine) return [];
  const { rows } = await transaction.query(
    `select event_id as id, account, payload,
        extract(epoch from clock_timestamp() - created_at)::float * 1000 as "lagMs"
      from outbox
      where dispatched_at is null and (release = $1 or created_at < now() - $2 * interval '1 ms')
      order by outbox.id limit ${BATCH} for update skip locked`,
    [release, graceMs],
  );
  return rows;
}

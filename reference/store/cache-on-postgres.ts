import { setTimeout as delay } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import type { Cache, OnMessage } from './cache';
import type { SharedLog } from './log';

/** Unlogged: a cache may be empty after a crash. `if not exists` of two at once can collide, hence the lock. */
const SCHEMA = `
  select pg_advisory_lock(7201);
  create unlogged table if not exists cache_entries (key text primary key, value text not null, expires_at timestamptz not null);
  select pg_advisory_unlock(7201);
`;
const AFTER_A_LOSS_MS = 250;

/** The cache's interface on PostgreSQL, for machines without Valkey: an unlogged table, and LISTEN / NOTIFY for messages. */
export async function postgresCache(url: string, log: SharedLog): Promise<Cache> {
  const pool = new Pool({ connectionString: url, max: 4 });
  pool.on('error', (error) => log.warn({ error: error.message }, 'cache connection lost'));
  await pool.query(SCHEMA);
  const listener = new Listener(url, log);
  const expiry = (ttlSeconds: number) => `${ttlSeconds} seconds`;
  return {
    get: async (key) => (await pool.query(GET, [key])).rows[0]?.value,
    set: async (key, value, ttl) => void (await pool.query(SET, [key, value, expiry(ttl)])),
    delete: async (key) => void (await pool.query('delete from cache_entries where key = $1', [key])),
    claim: async (key, value, ttl) => ((await pool.query(CLAIM, [key, value, expiry(ttl)])).rowCount ?? 0) > 0,
    publish: async (channel, message) => void (await pool.query('select pg_notify($1, $2)', [channel, message])),
    subscribe: (channel, onMessage) => listener.subscribe(channel, onMessage),
    ping: async () => void (await pool.query('select 1')),
    close: async () => {
      await listener.close();
      await pool.end();
    },
  };
}

const GET = 'select value from cache_entries where key = $1 and expires_at > now()';
const SET = `insert into cache_entries values ($1, $2, now() + $3::interval)
  on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`;
const CLAIM = `${SET} where cache_entries.expires_at <= now()`;

/** One connection that listens, made anew when it is lost. */
class Listener {
  private client: Client | undefined;
  private closed = false;
  private readonly channels = new Map<string, OnMessage[]>();

  constructor(
    private readonly url: string,
    private readonly log: SharedLog,
  ) {}

  async subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    this.channels.set(channel, [...(this.channels.get(channel) ?? []), onMessage]);
    if (!this.client) await this.connect();
    else await this.client.query(`listen "${channel}"`);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({ connectionString: this.url });
    client.on('error', (error) => this.log.warn({ error: error.message }, 'cache listener lost'));
    client.on('notification', ({ channel, payload = '' }) => {
      for (const onMessage of this.channels.get(channel) ?? []) onMessage(payload);
    });
    try {
      await client.connect();
      for (const channel of this.channels.keys()) await client.query(`listen "${channel}"`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // only now: a connection that never came about ends as well, and whoever wanted it tries again himself
    client.once('end', () => void this.reconnect());
    this.client = client;
    if (this.closed) await client.end();
  }

  private async reconnect(): Promise<void> {
    while (!this.closed) {
      await delay(AFTER_A_LOSS_MS);
      const connected = await this.connect().then(
        () => true,
        () => false,
      );
      if (connected) return;
    }
  }
}

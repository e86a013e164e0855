import { Signer } from '@aws-sdk/rds-signer';
import { type ClientConfig, Pool, type PoolClient, type PoolConfig } from 'pg';
import { oneOf, type SettingsOf, url, withDefault } from '../settings';
import type { SharedLog } from './log';

/** How a program reaches PostgreSQL. */
export const DATABASE_SETTINGS = {
  /** With `?sslmode=verify-full` the server's certificate must be good; its authorities are those of NODE_EXTRA_CA_CERTS too. */
  databaseUrl: ['DATABASE_URL', url('postgres:', 'postgresql:')],
  /** `iam`: the role signs in with a token of the task's own AWS role, and never without TLS. */
  databaseAuth: ['DATABASE_AUTH', withDefault('password', oneOf('password', 'iam'))],
} as const;

export type Database = Pool;
export type Transaction = PoolClient;

/** Rows wait this long for a connection before the request fails. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The settings as pg takes them. A password that is not in the URL is PGPASSWORD; a token is made anew for each connection. */
export function connectionOf({ databaseUrl, databaseAuth }: SettingsOf<typeof DATABASE_SETTINGS>): ClientConfig {
  if (databaseAuth === 'password') return { connectionString: databaseUrl };
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  const at = { port: Number(port || DEFAULT_PORT), user: decodeURIComponent(username) };
  const signer = new Signer({ hostname, port: at.port, username: at.user });
  return {
    ...{ ...at, host: hostname, database: decodeURIComponent(pathname.slice(1)), ssl: { rejectUnauthorized: true } },
    password: () => signer.getAuthToken(),
  };
}

const DEFAULT_PORT = 5432;

/** A pool whose lost connections are logged and made anew, instead of ending the process. */
export function openDatabase(config: PoolConfig, log: SharedLog): Database {
  const pool = new Pool({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config });
  pool.on('error', (error) => log.warn({ error: error.message }, 'database connection lost'));
  return pool;
}

/**
 * Open so many connections now, so that the first requests need not each wait for one: a canary is measured from its first minute.
 *
 * What cannot be opened is tried again by whoever needs it.
 */
export async function warmUp(database: Database, count: number): Promise<void> {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => database.connect()));
  for (const client of opened) if (client.status === 'fulfilled') client.value.release();
}

/** Run work in one transaction: committed if it resolves, rolled back if it throws. */
export async function inTransaction<T>(database: Database, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await database.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw error;
  }
}

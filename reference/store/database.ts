import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { SharedLog } from './log';

export type Database = Pool;
export type Transaction = PoolClient;

/** Rows wait this long for a connection before the request fails. */
const CONNECT_TIMEOUT_MS = 5_000;

/** A pool whose lost connections are logged and made anew, instead of ending the process. */
export function openDatabase(config: PoolConfig, log: SharedLog): Database {
  const pool = new Pool({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config });
  pool.on('error', (error) => log.warn({ error: error.message }, 'database connection lost'));
  return pool;
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

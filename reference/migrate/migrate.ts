import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { applicationOf } from './outside-transaction';

/** Any number, the same for everybody who migrates this database. */
const LOCK = 7200;
/** A migration that cannot get its locks at once must not queue every request behind it. */
const LOCK_TIMEOUT = '5s';

/**
 * Apply, in order, the SQL files that have not been applied yet: each in a transaction of its own, but for backfills, which are
 * repeated batch by batch, and for what PostgreSQL does beside the traffic only.
 *
 * Of two that run at once the second waits for the first and then finds nothing to do.
 *
 * @returns names of the files applied now
 * @throws Error if a file that was applied has been changed since, or a statement fails
 */
export async function migrate(client: ClientBase, folder: string): Promise<readonly string[]> {
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(`create table if not exists schema_migrations
      (name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    return await applyAll(client, folder);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

async function applyAll(client: ClientBase, folder: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const news: string[] = [];
  for (const name of files) {
    const sql = await readFile(join(folder, name), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    if (!applied.has(name)) {
      await apply(client, { name, sql, checksum });
      news.push(name);
    } else if (applied.get(name) !== checksum)
      throw new Error(
        `${name}: expected the text that was applied, got another; add a new file instead of changing this one`,
      );
  }
  return news;
}

interface File {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function apply(client: ClientBase, file: File): Promise<void> {
  const application = applicationOf(file.name, file.sql);
  try {
    await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    if (application === undefined) await inTransaction(client, file);
    else {
      await application(client, file.sql);
      await record(client, file);
    }
  } catch (error) {
    throw new Error(`${file.name}: ${(error as Error).message}`, { cause: error });
  }
}

async function inTransaction(client: ClientBase, file: File): Promise<void> {
  await client.query('begin');
  try {
    await client.query(file.sql);
    await record(client, file);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function record(client: ClientBase, { name, checksum }: File): Promise<void> {
  await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
}

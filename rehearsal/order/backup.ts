import type { ClientBase } from 'pg';

/**
 * A copy of every row as it is at this moment, in a schema of its own.
 *
 * @returns the schema's name; the one there is, if the release has one already
 */
export async function backUp(client: ClientBase, release: string): Promise<string> {
  const schema = `backup_${release}`;
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  await client.query('begin isolation level repeatable read');
  try {
    await client.query(`create schema ${schema}`);
    for (const { name } of rows) await client.query(`create table ${schema}.${name} as table public.${name}`);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    if ((cause as { code?: string }).code !== DUPLICATE_SCHEMA) throw cause;
  }
  return schema;
}

const DUPLICATE_SCHEMA = '42P06';

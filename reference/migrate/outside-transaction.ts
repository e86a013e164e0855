import type { ClientBase } from 'pg';

/** How a file is applied whose one statement cannot be part of a transaction. Each may be repeated after it was cut short. */
export type Application = (client: ClientBase, sql: string) => Promise<void>;

/** Between two batches others get their turn. */
const PAUSE_SECONDS = 0.02;

/** @returns undefined if the file is applied in one transaction */
export function applicationOf(name: string, sql: string): Application | undefined {
  if (/^\d+_backfill_/.test(name)) return untilNothingChanges;
  return /\bconcurrently\b/i.test(withoutComments(sql)) ? besideTraffic : undefined;
}

/** Each batch is a transaction of its own, so that its locks are held for a moment. */
async function untilNothingChanges(client: ClientBase, sql: string): Promise<void> {
  while (((await client.query(sql)).rowCount ?? 0) > 0) await client.query('select pg_sleep($1)', [PAUSE_SECONDS]);
}

const CREATED = /create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?([\w."]+)\s+on\b/i;

/** An index whose building was cut short is left behind invalid, and is in the way of the next attempt. */
async function besideTraffic(client: ClientBase, sql: string): Promise<void> {
  const [, index] = CREATED.exec(withoutComments(sql)) ?? [];
  const left = index === undefined ? undefined : await isValid(client, index);
  if (left === true) return;
  // It waits for transactions to end, and nobody waits for it meanwhile.
  await client.query('set lock_timeout = 0');
  if (left === false) await client.query(`drop index concurrently ${index}`);
  await client.query(sql);
}

/** @returns undefined if there is no such index */
async function isValid(client: ClientBase, index: string): Promise<boolean | undefined> {
  const sql = 'select indisvalid from pg_index where indexrelid = to_regclass($1)';
  return (await client.query<{ indisvalid: boolean }>(sql, [index])).rows[0]?.indisvalid;
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

import type { ClientBase, DatabaseError, QueryResultRow } from 'pg';
import type { MaskedColumns, MaskKind } from '../../lib/model/delivery';
import { ConfigError, type Problem } from '../../lib/model/problem';
import { type Catalogue, MARK_TABLE, readCatalogue } from './catalogue';
import { declarationProblems, type Masked, maskedColumns } from './declaration';
import { hashKeys, maskFunctions } from './functions';
import { inTheWay, quotedTable, shapesOf, updates } from './statements';
import { countRows, keepOriginals, type RowCounts, verify } from './verify';

export interface MaskOptions {
  /** Name by which whoever restored the copy marked it, see {@link markCopy}; a database without that mark is left alone. */
  readonly copy: string;
  readonly columns: MaskedColumns;
  /** At least 32 bytes. The same key gives the same masks. */
  readonly key: Buffer;
}

export interface MaskReport {
  readonly columns: readonly { readonly table: string; readonly column: string; readonly kind: MaskKind }[];
  /** Rows of every table, as before. */
  readonly rows: RowCounts;
}

const MARK = 'isolated copy';
const LEAST_KEY = 32;

/**
 * Mark the database as a copy in which data may be destroyed. Production bears no such mark, so a snapshot of it does not either.
 *
 * It is a table, as whoever owns the tables need not own the database.
 */
export async function markCopy(client: ClientBase, copy: string): Promise<void> {
  await client.query(`create table if not exists public.${MARK_TABLE} (mark text not null)`);
  await client.query(`truncate public.${MARK_TABLE}`);
  await client.query(`insert into public.${MARK_TABLE} values ($1)`, [`${MARK} ${copy}`]);
}

/**
 * Replace what is personal in a copy of production data, in one transaction, and prove it: no original value is left in any declared
 * column, nor in one that nobody declared; row counts, uniqueness and foreign keys are as before.
 *
 * Whatever cannot be shown fails, and then nothing has changed.
 *
 * @throws ConfigError with every column that is declared wrongly, or not at all though it may tell of a person
 * @throws Error in one line if the database is not the copy meant, or what was to be shown does not hold
 */
export async function maskCopy(client: ClientBase, options: MaskOptions): Promise<MaskReport> {
  await checkMark(client, options.copy);
  if (options.key.length < LEAST_KEY)
    throw new Error(
      `key: expected at least ${LEAST_KEY} bytes, got ${options.key.length}; make one with openssl rand 32`,
    );
  await client.query('begin');
  try {
    const report = await masking(client, options);
    await client.query('commit');
    await forget(client, report);
    return report;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** What {@link maskCopy} would refuse for, of the database's schema alone; it need not be a copy, and nothing is changed. */
export async function maskingProblems(client: ClientBase, columns: MaskedColumns): Promise<readonly Problem[]> {
  return declarationProblems(await readCatalogue(client), columns);
}

async function checkMark(client: ClientBase, copy: string): Promise<void> {
  const { name, marked } = await one<{ name: string; marked: boolean }>(
    client,
    `select current_database() as name, to_regclass('public.${MARK_TABLE}') is not null as marked`,
  );
  const mark = marked
    ? (await one<{ mark: string }>(client, `select max(mark) as mark from public.${MARK_TABLE}`)).mark
    : null;
  if (mark === `${MARK} ${copy}`) return;
  throw new Error(
    `${name}: expected a database marked as "${MARK} ${copy}", got ${mark ? `"${mark}"` : 'none'}; mask only what was restored for it`,
  );
}

async function one<T extends QueryResultRow>(client: ClientBase, sql: string): Promise<T> {
  return (await client.query<T>(sql)).rows[0]!;
}

async function masking(client: ClientBase, { columns, key }: MaskOptions): Promise<MaskReport> {
  const catalogue = await readCatalogue(client);
  const problems = declarationProblems(catalogue, columns);
  if (problems.length > 0) throw new ConfigError('masking', problems);
  await refuseLargeObjects(client);
  const masked = maskedColumns(catalogue, columns);
  await prepare(client, key, masked);
  const rows = await countRows(client, catalogue);
  await keepOriginals(client, masked);
  await change(client, catalogue, masked);
  await verify(client, { catalogue, masked, declared: columns, rows });
  return { columns: masked.map(({ table, column, kind }) => ({ table, column, kind })), rows };
}

async function prepare(client: ClientBase, key: Buffer, masked: readonly Masked[]): Promise<void> {
  const { inner, outer } = hashKeys(key);
  await client.query(`select set_config('masking.inner', $1, true), set_config('masking.outer', $2, true)`, [
    inner,
    outer,
  ]);
  // Rows that a policy hides would keep their values.
  await client.query('set local row_security = off');
  await client.query(`create temp table originals (kind text, print bytea) on commit drop;
    create temp table given (kind text, mask bytea, original bytea, primary key (kind, mask)) on commit drop`);
  await client.query(maskFunctions(shapesOf(masked)));
}

/** What lies in no column cannot be declared. */
async function refuseLargeObjects(client: ClientBase): Promise<void> {
  const { count } = await one<{ count: string }>(client, 'select count(*) from pg_largeobject_metadata');
  if (Number(count) > 0)
    throw new Error(
      `large objects: expected none, got ${count}; nobody can tell what is in them: keep it in a column, or in a bucket`,
    );
}

/** Keys and indexes go down first, as a mask may be another row's original for a moment; going up again proves them. */
async function change(client: ClientBase, catalogue: Catalogue, masked: readonly Masked[]): Promise<void> {
  const standing = inTheWay(catalogue, masked);
  const tables = new Set(masked.map(({ table }) => table));
  const triggers = catalogue.triggers.filter(({ table }) => tables.has(table));
  const statements = [
    ...triggers.map(({ stop }) => stop),
    ...standing.map(({ drop }) => drop),
    ...updates(masked),
    ...standing.toReversed().map(({ create }) => create),
    ...triggers.map(({ start }) => start),
    ...catalogue.views.map((view) => `refresh materialized view ${view}`),
  ];
  for (const statement of statements) await client.query(statement).catch(explain);
}

/** What a table asks for, a kind may not give. */
function explain(error: DatabaseError): never {
  const at = [error.table, error.constraint].filter(Boolean).join('.') || 'masking';
  throw new Error(
    `${at}: expected masks that keep what the database asks for, got "${error.message}"; declare another kind, or take another key; nothing was changed`,
    { cause: error },
  );
}

/** Old versions of rows and the planner's samples still hold what was there. */
async function forget(client: ClientBase, { columns }: MaskReport): Promise<void> {
  for (const table of new Set(columns.map(({ table }) => table)))
    await client.query(`vacuum (full, analyze) ${quotedTable(table)}`);
}

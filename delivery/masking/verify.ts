import type { ClientBase } from 'pg';
import type { MaskedColumns } from '../../lib/model/delivery';
import type { Catalogue, Column } from './catalogue';
import type { Masked } from './declaration';
import { LEAST_TELLING, telling } from './functions';
import { isDense, quotedTable, valuesOf } from './statements';

export type RowCounts = Readonly<Record<string, number>>;

/** Fewest characters at which a value in another column is taken for the same one. */
const LEAST_COPIED = 6;
const TEXTS = ['text', 'varchar', 'bpchar', 'citext', 'text[]', 'varchar[]', 'json', 'jsonb'];

export async function countRows(client: ClientBase, { columns }: Catalogue): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const table of new Set(columns.map((column) => column.table))) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${quotedTable(table)}`);
    counts[table] = Number(rows[0]!.count);
  }
  return counts;
}

/** Remember every original value, by its print, until the transaction ends. */
export async function keepOriginals(client: ClientBase, masked: readonly Masked[]): Promise<void> {
  for (const column of masked.filter((one) => !isDense(one))) {
    await client.query(
      `insert into pg_temp.originals select $1, pg_temp.mask_print(value) from (${valuesOf(column)}) v
      where length(${telling('value')}) >= ${LEAST_TELLING}`,
      [column.kind],
    );
  }
  await client.query('create index on pg_temp.originals (print); analyze pg_temp.originals');
}

interface Done {
  readonly catalogue: Catalogue;
  readonly masked: readonly Masked[];
  readonly declared: MaskedColumns;
  readonly rows: RowCounts;
}

/** @throws Error at the first thing that does not hold */
export async function verify(client: ClientBase, { catalogue, masked, declared, rows }: Done): Promise<void> {
  for (const [table, count] of Object.entries(await countRows(client, catalogue)))
    if (count !== rows[table])
      throw new Error(`${table}: expected ${rows[table]} rows as before, got ${count}; nothing was changed`);
  for (const column of masked.filter((one) => !isDense(one))) await checkGone(client, column);
  for (const column of catalogue.columns)
    if (TEXTS.includes(column.type) && declared[column.table]?.[column.column] === undefined)
      await checkNotElsewhere(client, column);
}

async function checkGone(client: ClientBase, column: Masked): Promise<void> {
  const { rowCount } = await client.query(
    `select from (${valuesOf(column)}) v where exists (select from pg_temp.originals o where o.print = pg_temp.mask_print(v.value)) limit 1`,
  );
  if (rowCount) throw survived(column.table, column.column);
}

function survived(table: string, column: string): Error {
  return new Error(
    `${table}.${column}: expected no original value, got at least one; take another key, or another kind for it; nothing was changed`,
  );
}

/** A name or an address copied to where nobody said it was. */
async function checkNotElsewhere(client: ClientBase, column: Column): Promise<void> {
  const { rowCount } = await client.query(
    `select from (${valuesOf(column)}) v where length(v.value) >= ${LEAST_COPIED} and exists (
      select from pg_temp.originals o where o.print = pg_temp.mask_print(v.value) and o.kind in ('name', 'email', 'secret')) limit 1`,
  );
  if (rowCount)
    throw new Error(
      `${column.table}.${column.column}: expected nothing that is masked elsewhere, got at least one such value; ` +
        'declare how it is masked, or "keep"; nothing was changed',
    );
}

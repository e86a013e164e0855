import type { ClientBase } from 'pg';
import { type Catalogue, readCatalogue } from '../masking/catalogue';
import type { MaskReport } from '../masking/mask';
import { quoted, quotedTable } from '../masking/statements';
import {
  type HandedTable,
  type Handover,
  hashOf,
  MANIFEST,
  type Outgoing,
  type Part,
  pack,
  speakPlainly,
} from './handover';

export interface HandOutOptions {
  /** Run that made the copy; everything it hands out lies under this name. */
  readonly copy: string;
  /** What was masked in it, and how many rows there were. */
  readonly report: MaskReport;
  readonly parcels: Outgoing;
}

/** Characters after which a part is full. */
const PART_LENGTH = 4_000_000;
const FETCHED = 2_000;

/**
 * Write down every row of a masked copy, table by table, and then that it is whole.
 *
 * Rows are all that leaves: old versions of them, the write-ahead log and free pages, which masking cannot reach, stay in the copy.
 *
 * @returns key of the {@link Handover}
 * @throws Error if a table holds not the rows that were masked
 */
export async function handOut(client: ClientBase, { copy, report, parcels }: HandOutOptions): Promise<string> {
  await client.query('begin isolation level repeatable read read only');
  await speakPlainly(client);
  const tables: HandedTable[] = [];
  for (const [table, columns] of tablesOf(await readCatalogue(client))) {
    const parts = await handOutTable(client, { table, columns, folder: `${copy}/${table}`, parcels });
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    if (rows !== report.rows[table])
      throw new Error(
        `${table}: expected the ${report.rows[table]} rows that were masked, got ${rows}; hand nothing over`,
      );
    tables.push({ table, columns, rows, parts });
  }
  await client.query('commit');
  const handover: Handover = { version: 1, copy, masked: report.columns, tables };
  const key = `${copy}/${MANIFEST}`;
  await parcels.put(key, Buffer.from(JSON.stringify(handover)));
  return key;
}

/** Columns of each table; those that are computed are computed again. */
function tablesOf({ columns }: Catalogue): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  for (const { table, column, generated } of columns) {
    const own = tables.get(table) ?? [];
    tables.set(table, generated ? own : [...own, column]);
  }
  return tables;
}

interface Source {
  readonly table: string;
  readonly columns: readonly string[];
  readonly folder: string;
  readonly parcels: Outgoing;
}

async function handOutTable(client: ClientBase, { table, columns, folder, parcels }: Source): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const flush = async (rows: readonly string[]) => {
    if (rows.length === 0) return;
    const [key, body] = [`${folder}/${String(parts.length + 1).padStart(6, '0')}.json.gz`, pack(rows)];
    await parcels.put(key, body);
    parts.push({ key, rows: rows.length, sha256: hashOf(body) });
  };
  const values = columns.map((column) => `${quoted(column)}::text`).join(', ');
  await client.query(
    `declare handed no scroll cursor for select to_json(array[${values}]::text[])::text as row from ${quotedTable(table)}`,
  );
  let [rows, length]: [string[], number] = [[], 0];
  for (;;) {
    const page = await client.query<{ row: string }>(`fetch ${FETCHED} from handed`);
    for (const { row } of page.rows) {
      rows.push(row);
      length += row.length;
      if (length < PART_LENGTH) continue;
      await flush(rows);
      [rows, length] = [[], 0];
    }
    if (page.rows.length < FETCHED) break;
  }
  await flush(rows);
  await client.query('close handed');
  return parts;
}

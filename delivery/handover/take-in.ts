import type { ClientBase } from 'pg';
import type { MaskedColumns } from '../../lib/model/delivery';
import { ConfigError, type Problem } from '../../lib/model/problem';
import { type Catalogue, readCatalogue } from '../masking/catalogue';
import { declarationProblems } from '../masking/declaration';
import { quoted, quotedTable } from '../masking/statements';
import { type HandedTable, type Handover, type Incoming, speakPlainly, unpack } from './handover';

export interface TakeInOptions {
  /** Key of the {@link Handover}. */
  readonly key: string;
  readonly parcels: Incoming;
  /** What must have been masked. */
  readonly columns: MaskedColumns;
  /** Tables that tell of this database and not of its users, e.g. which migrations it has seen. */
  readonly stays: readonly string[];
}

export interface TakenIn {
  readonly copy: string;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables and columns that this database does not have. */
  readonly left: readonly string[];
}

/** Whoever uses the database meanwhile waits, but a lock that cannot be had is given up. */
const LOCK_TIMEOUT = '60s';

/**
 * Put the rows of a hand-over in the place of those that are here, in one transaction: whoever looks sees all of the old ones or all
 * of the new ones, and if anything fails the old ones.
 *
 * The schema may be ahead of where the rows come from: what it adds keeps its defaults, what it dropped is left out.
 *
 * @throws ConfigError with every column that should have been masked and was not
 * @throws Error in one line if a part is missing or not what was handed over, or rows do not fit
 */
export async function takeIn(client: ClientBase, options: TakeInOptions): Promise<TakenIn> {
  const handover = await readHandover(options);
  await client.query('begin');
  try {
    await speakPlainly(client);
    await client.query(`set local lock_timeout to '${LOCK_TIMEOUT}'`);
    const catalogue = await readCatalogue(client);
    const problems = [...declarationProblems(catalogue, options.columns), ...unmasked(handover, options.columns)];
    if (problems.length > 0) throw new ConfigError(options.key, problems);
    const taken = await exchange(client, { handover, catalogue, options });
    await client.query('commit');
    return taken;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function readHandover({ key, parcels }: TakeInOptions): Promise<Handover> {
  const handover = JSON.parse((await parcels.get(key)).toString('utf8')) as Handover;
  if (handover.version === 1) return handover;
  throw new Error(
    `${key}: version: expected 1, got ${JSON.stringify(handover.version)}; hand it over with this release`,
  );
}

/** The copy was masked by what its own release declared, which may be older than what is declared here. */
function unmasked({ tables, masked }: Handover, declared: MaskedColumns): readonly Problem[] {
  return tables.flatMap(({ table, columns, rows }) =>
    columns.flatMap((column) => {
      const expected = declared[table]?.[column] ?? 'keep';
      const got = masked.find((one) => one.table === table && one.column === column)?.kind;
      if (rows === 0 || expected === 'keep' || got === expected) return [];
      return [
        { at: `masked.${table}.${column}`, got, expected, fix: 'bring this declaration to where the copy is masked' },
      ];
    }),
  );
}

interface Exchange {
  readonly handover: Handover;
  readonly catalogue: Catalogue;
  readonly options: TakeInOptions;
}

/** Foreign keys go down first, as tables come one after the other; going up again proves them. */
async function exchange(client: ClientBase, { handover, catalogue, options }: Exchange): Promise<TakenIn> {
  const { columns, standing, triggers, views } = catalogue;
  const here = [...new Set(columns.map(({ table }) => table))].filter((table) => !options.stays.includes(table));
  const keys = standing.filter(({ kind }) => kind === 'foreign key');
  const firing = triggers.filter(({ table }) => here.includes(table));
  const all = async (statements: readonly string[]) => {
    for (const statement of statements) await client.query(statement);
  };
  await all([...firing.map(({ stop }) => stop), ...keys.map(({ drop }) => drop)]);
  if (here.length > 0) await client.query(`truncate ${here.map(quotedTable).join(', ')} restart identity`);
  const coming = handover.tables.filter(({ table }) => here.includes(table));
  for (const table of coming) await fill(client, { table, catalogue, parcels: options.parcels });
  await all([...keys.map(({ create }) => create), ...firing.map(({ start }) => start)]);
  await all([SEQUENCES, ...views.map((view) => `refresh materialized view ${view}`)]);
  return {
    copy: handover.copy,
    rows: Object.fromEntries(coming.map(({ table, rows }) => [table, rows])),
    left: leftOut(handover, { catalogue, stays: options.stays }),
  };
}

interface Filling {
  readonly table: HandedTable;
  readonly catalogue: Catalogue;
  readonly parcels: Incoming;
}

async function fill(client: ClientBase, { table: { table, columns, rows, parts }, catalogue, parcels }: Filling) {
  const known = catalogue.columns.filter((column) => column.table === table && !column.generated);
  const types = await typesOf(client, table);
  const taken = columns.flatMap((column, i) => (known.some((one) => one.column === column) ? [{ column, i }] : []));
  const values = taken.map(({ column, i }) => `(row ->> ${i})::${types.get(column)}`);
  const insert =
    `insert into ${quotedTable(table)} (${taken.map(({ column }) => quoted(column)).join(', ')}) overriding system value ` +
    `select ${values.join(', ')} from json_array_elements($1::json) row`;
  let got = 0;
  for (const part of parts)
    got += (await client.query(insert, [unpack(part, await parcels.get(part.key))])).rowCount ?? 0;
  if (got !== rows) throw new Error(`${table}: expected ${rows} rows, got ${got}; hand it over again`);
}

/** Without lengths, as a cast to one cuts off where an assignment refuses. */
async function typesOf(client: ClientBase, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ column: string; type: string }>(
    `select attname as column, format_type(atttypid, -1) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [quotedTable(table)],
  );
  return new Map(rows.map(({ column, type }) => [column, type]));
}

/** Every sequence that fills a column goes on after the last value there is. */
const SEQUENCES = `do $$ declare own record; begin
  for own in select c.oid::regclass as tab, a.attname as col, pg_get_serial_sequence(c.oid::regclass::text, a.attname) as seq
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  loop
    if own.seq is not null then
      execute format('select setval(%L, greatest((select max(%I) from %s), 1), exists (select from %s))', own.seq, own.col, own.tab, own.tab);
    end if;
  end loop; end $$`;

function leftOut(
  { tables }: Handover,
  { catalogue, stays }: { readonly catalogue: Catalogue; readonly stays: readonly string[] },
): readonly string[] {
  return tables.flatMap(({ table, columns }) => {
    const known = catalogue.columns.filter((column) => column.table === table).map(({ column }) => column);
    if (stays.includes(table)) return [];
    if (known.length === 0) return [table];
    return columns.filter((column) => !known.includes(column)).map((column) => `${table}.${column}`);
  });
}

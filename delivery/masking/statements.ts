import type { MaskKind } from '../../lib/model/delivery';
import type { Catalogue, Standing } from './catalogue';
import type { Masked } from './declaration';
import { isName, type Shape, type Shapes } from './functions';

const NO_LIMIT = 120;

/** What the masks of a kind must fit: they are the same in every column of it. */
export function shapesOf(masked: readonly Masked[]): Shapes {
  const shape = (kind: MaskKind): Shape => {
    const columns = masked.filter((column) => column.kind === kind);
    const limits = columns.flatMap(({ most }) => most ?? []);
    return { most: Math.min(NO_LIMIT, ...limits), unique: columns.some(({ unique }) => unique) };
  };
  const apart = (['text', 'digits'] as const).filter((kind) => shape(kind).unique);
  return { name: shape('name'), email: shape('email'), secret: shape('secret'), apart };
}

/** One statement for each table. */
export function updates(masked: readonly Masked[]): readonly string[] {
  const tables = [...new Set(masked.map(({ table }) => table))];
  return tables.map((table) => {
    const own = masked.filter((column) => column.table === table);
    const sets = own.map((column) => `${quoted(column.column)} = ${maskOf(column)}`);
    return `update ${quotedTable(table)} set ${sets.join(', ')}`;
  });
}

function maskOf({ column, kind, type }: Masked): string {
  const value = quoted(column);
  if (type.endsWith('[]'))
    return `(select array_agg(pg_temp.mask_text(part) order by i) from unnest(${value}) with ordinality as p (part, i))::${type}`;
  if (type === 'bytea') return `pg_temp.mask_hash('secret', encode(${value}, 'hex'))`;
  if (type === 'timestamp') return `pg_temp.mask_time(${value})`;
  if (type === 'timestamptz') return `pg_temp.mask_time(${value} at time zone 'UTC') at time zone 'UTC'`;
  if (kind === 'digits' && MOST[type] !== undefined) return `pg_temp.mask_whole(${value}, ${MOST[type]})::${type}`;
  if (kind === 'null') return 'null';
  return `pg_temp.mask_${kind}(${value}${CAST[kind] ?? ''})${BACK[type] ?? ''}`;
}

/** Largest value of each whole type. */
const MOST: Readonly<Record<string, string>> = { int2: '32767', int4: '2147483647', int8: '9223372036854775806' };
/** To the type that a kind's function takes. */
const CAST: Partial<Record<MaskKind, string>> = {
  ...{ name: '::text', email: '::text', digits: '::text', text: '::text', secret: '::text', json: '::jsonb' },
};
const BACK: Readonly<Record<string, string>> = { json: '::json', numeric: '::numeric' };

/**
 * What stands on masked columns, in the order in which it may be dropped; it goes up again in the opposite order. A foreign key falls
 * with the key it refers to.
 */
export function inTheWay({ standing, links }: Catalogue, masked: readonly Masked[]): readonly Standing[] {
  const isMasked = (table: string, column: string) =>
    masked.some((one) => one.table === table && one.column === column);
  const refers = (table: string) => links.some(({ from, to }) => from[0] === table && isMasked(...to));
  const touched = standing.filter(
    ({ table, columns, kind }) =>
      columns.some((column) => isMasked(table, column)) || (kind === 'foreign key' && refers(table)),
  );
  const order = ['foreign key', 'index', 'constraint'];
  return touched.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Every value of a column as texts, for a look whether it is still there somewhere. */
export function valuesOf({
  table,
  column,
  kind,
  type,
}: Pick<Masked, 'table' | 'column' | 'type'> & { kind?: MaskKind }): string {
  const value = quoted(column);
  const from = `from ${quotedTable(table)}`;
  if (type.endsWith('[]')) return `select distinct part as value ${from}, unnest(${value}) as part`;
  if (type === 'json' || type === 'jsonb')
    return `with parts as (select jsonb_path_query(held, 'strict $.**') as part from (select ${value}::jsonb as held ${from}) h)
      select part #>> '{}' as value from parts where jsonb_typeof(part) = 'string'
      union select name from parts, jsonb_object_keys(case jsonb_typeof(part) when 'object' then part else '{}' end) as name
        where not ${isName('name')}`;
  if (type === 'bytea') return `select distinct encode(${value}, 'hex') as value ${from} where ${value} is not null`;
  const text = kind === 'ip' ? `host(${value})` : `${value}::text`;
  return `select distinct ${text} as value ${from} where ${value} is not null`;
}

/** A year has so few days that one row's mask is another's original; its own day a row never keeps, see `mask_date`. */
export function isDense({ kind }: Masked): boolean {
  return kind === 'date' || kind === 'null';
}

export function quotedTable(table: string): string {
  return table.split('.').map(quoted).join('.');
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

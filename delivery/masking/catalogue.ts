import type { ClientBase } from 'pg';

export interface Column {
  /** As a declaration writes it: `accounts`, or `archive.accounts` outside `public`. */
  readonly table: string;
  readonly column: string;
  /** Without length, e.g. `varchar`, `text[]`; a domain's own base type. */
  readonly type: string;
  /** Most characters; null where there is no limit. */
  readonly most: number | null;
  readonly nullable: boolean;
  readonly generated: boolean;
  /** Whether a unique index or an exclusion has it among its columns. */
  readonly unique: boolean;
}

/** Something that stands in the way while values change, and is put back as it was. */
export interface Standing {
  readonly table: string;
  readonly kind: 'foreign key' | 'constraint' | 'index';
  readonly columns: readonly string[];
  readonly drop: string;
  readonly create: string;
}

/** Two columns that a foreign key holds together. */
export interface Link {
  readonly from: readonly [table: string, column: string];
  readonly to: readonly [table: string, column: string];
}

export interface Catalogue {
  readonly columns: readonly Column[];
  readonly standing: readonly Standing[];
  readonly links: readonly Link[];
  /** Triggers that fire, as the statements that stop them and let them fire again. */
  readonly triggers: readonly { readonly table: string; readonly stop: string; readonly start: string }[];
  readonly views: readonly string[];
}

/** Says what a database is, and holds nothing of anybody. */
export const MARK_TABLE = 'isolated_copy';

const OURS = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and c.relname <> '${MARK_TABLE}'`;
const TABLE = `case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname`;

/** Types that people made of others are called what they are, as each has a name of its own. */
const TYPE = (type: string) => `case when ${type}.typtype = 'c' then 'composite' else ${type}.typname end`;

const COLUMNS = `
select ${TABLE} as table, a.attname as column, a.attnotnull = false as nullable, a.attgenerated <> '' as generated,
  case when e.oid is not null then ${TYPE('e')} || '[]' else ${TYPE('b')} end as type,
  case when b.typname in ('varchar', 'bpchar') and m.typmod > 4 then m.typmod - 4 end as most,
  exists (select 1 from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey) and (i.indisunique or i.indisexclusion)) as unique
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'
cross join lateral (select case when t.typbasetype <> 0 then t.typtypmod else a.atttypmod end as typmod) m
where a.attnum > 0 and not a.attisdropped and ${OURS} order by 1, a.attnum`;

const CONSTRAINTS = `
select ${TABLE} as table, case k.contype when 'f' then 'foreign key' else 'constraint' end as kind,
  array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey)) as columns,
  format('alter table %s drop constraint %I', c.oid::regclass, k.conname) as drop,
  format('alter table %s add constraint %I %s', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid)) as create
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype in ('f', 'p', 'u', 'x') and k.conparentid = 0 and ${OURS} order by k.contype <> 'p', k.conname`;

const INDEXES = `
select ${TABLE} as table, 'index' as kind, format('drop index %s', i.indexrelid::regclass) as drop,
  array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey)) as columns,
  pg_get_indexdef(i.indexrelid) as create
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where i.indisunique and not c.relispartition and ${OURS}
  and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) order by 1, 3`;

const LINKS = `
select array[${TABLE}, a.attname] as from, array[
  (select ${TABLE.replaceAll('n.', 'fn.').replaceAll('c.', 'fc.')} from pg_class fc join pg_namespace fn on fn.oid = fc.relnamespace where fc.oid = k.confrelid),
  fa.attname] as to
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
cross join lateral unnest(k.conkey, k.confkey) as u (own, other)
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.own
join pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = u.other
where k.contype = 'f' and k.conparentid = 0 and ${OURS} order by 1, 2`;

const TRIGGERS = `
select ${TABLE} as table, format('alter table %s disable trigger %I', c.oid::regclass, t.tgname) as stop,
  format('alter table %s enable %s trigger %I', c.oid::regclass,
    case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname) as start
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
where not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0 and ${OURS} order by 1, 2`;

const VIEWS = `
select c.oid::regclass::text as view from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'm' and c.relispopulated and ${OURS} order by c.oid`;

/** What a database holds, as far as masking must know. */
export async function readCatalogue(client: ClientBase): Promise<Catalogue> {
  const rows = async <T>(sql: string) => (await client.query(sql)).rows as T[];
  return {
    columns: await rows<Column>(COLUMNS),
    standing: [...(await rows<Standing>(CONSTRAINTS)), ...(await rows<Standing>(INDEXES))],
    links: await rows<Link>(LINKS),
    triggers: await rows(TRIGGERS),
    views: (await rows<{ view: string }>(VIEWS)).map(({ view }) => view),
  };
}

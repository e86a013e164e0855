import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint,
  CreateStmt,
  DropStmt,
  Node,
  RangeVar,
  UpdateStmt,
} from 'libpg-query';
import type { KnownColumn, KnownSchema, KnownTable } from './known-schema';
import { WEAK } from './rules/table-rules';
import { kindOf } from './statements';
import { constraintsOf, demandedBy, joined, nameOf, textsOf, typeOf } from './syntax';

/** Remember what a statement did to the schema, for the statements after it. */
export function apply(schema: KnownSchema, statement: Node): void {
  if ('CreateStmt' in statement) createTable(schema, statement.CreateStmt);
  else if ('CreateTableAsStmt' in statement) createAs(schema, statement.CreateTableAsStmt.into?.rel, statement);
  else if ('AlterTableStmt' in statement) alterTable(schema, statement.AlterTableStmt);
  else if ('RenameStmt' in statement) rename(schema, statement);
  else if ('DropStmt' in statement) drop(schema, statement.DropStmt);
  else if ('UpdateStmt' in statement) fill(schema, statement.UpdateStmt);
  else createObject(schema, statement);
}

function createTable(schema: KnownSchema, statement: CreateStmt): void {
  const { relation = {}, tableElts = [], partspec, if_not_exists } = statement;
  const table: KnownTable = { columns: new Map(), notNullChecks: new Map(), partitioned: partspec !== undefined };
  for (const node of tableElts) {
    if ('ColumnDef' in node) table.columns.set(node.ColumnDef.colname ?? '', known(node.ColumnDef));
    else if ('Constraint' in node) primaryKey(table, node.Constraint);
  }
  // It may have been there before, with users.
  if (if_not_exists) schema.meet(relation, table);
  else schema.create(relation, table);
}

function createAs(schema: KnownSchema, relation: RangeVar | undefined, statement: Node): void {
  if (!relation) return;
  const isView = 'CreateTableAsStmt' in statement && statement.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW';
  if (isView) schema.createObject('matview', nameOf(relation));
  schema.create(relation, { columns: new Map(), notNullChecks: new Map(), partitioned: false });
}

function known(column: ColumnDef): KnownColumn {
  const notNull = constraintsOf(column).some(
    ({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY',
  );
  return { type: typeOf(column.typeName), notNull };
}

function primaryKey(table: KnownTable, { contype, keys }: Constraint): void {
  if (contype !== 'CONSTR_PRIMARY') return;
  for (const key of textsOf(keys)) setNotNull(table, key);
}

function setNotNull({ columns }: KnownTable, name: string, notNull = true): void {
  const column = columns.get(name);
  if (column) columns.set(name, { ...column, notNull });
}

function alterTable(schema: KnownSchema, { relation = {}, cmds = [] }: AlterTableStmt): void {
  schema.meet(relation, { columns: new Map(), notNullChecks: new Map(), partitioned: false });
  const table = schema.tables.get(nameOf(relation));
  const alterations = cmds.flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
  for (const cmd of alterations) {
    if (!WEAK.includes(cmd.subtype ?? '')) schema.locked.add(nameOf(relation));
    if (table) EFFECTS[cmd.subtype ?? '']?.(table, cmd);
    const defaulted = addedWithDefault(cmd);
    if (defaulted !== undefined) schema.fill(relation, defaulted);
  }
}

type Effect = (table: KnownTable, cmd: AlterTableCmd) => void;

const EFFECTS: Readonly<Record<string, Effect>> = {
  AT_AddColumn: ({ columns }, { def }) => {
    if (def && 'ColumnDef' in def) columns.set(def.ColumnDef.colname ?? '', known(def.ColumnDef));
  },
  AT_DropColumn: ({ columns }, { name = '' }) => void columns.delete(name),
  AT_SetNotNull: (table, { name = '' }) => setNotNull(table, name),
  AT_DropNotNull: (table, { name = '' }) => setNotNull(table, name, false),
  AT_AlterColumnType: (table, { name = '', def }) => {
    if (def && 'ColumnDef' in def) changeType(table, name, typeOf(def.ColumnDef.typeName));
  },
  AT_AddConstraint: (table, { def }) => {
    if (def && 'Constraint' in def) addCheck(table, def.Constraint);
  },
  AT_DropConstraint: ({ notNullChecks }, { name = '' }) => void notNullChecks.delete(name),
  AT_ValidateConstraint: ({ notNullChecks }, { name = '' }) => {
    const check = notNullChecks.get(name);
    if (check) notNullChecks.set(name, { ...check, validated: true });
  },
};

/** Every old row bears the default of a column that joins later. */
function addedWithDefault({ subtype, def }: AlterTableCmd): string | undefined {
  if (subtype !== 'AT_AddColumn' || !def || !('ColumnDef' in def)) return undefined;
  const hasDefault = constraintsOf(def.ColumnDef).some(({ contype }) => contype === 'CONSTR_DEFAULT');
  return hasDefault ? def.ColumnDef.colname : undefined;
}

function changeType({ columns }: KnownTable, name: string, type: string): void {
  const column = columns.get(name);
  if (column) columns.set(name, { ...column, type });
}

function addCheck(
  { notNullChecks }: KnownTable,
  { contype, conname = '', raw_expr, keys, skip_validation }: Constraint,
): void {
  const column = demandedBy({ contype, raw_expr, keys });
  if (column !== undefined) notNullChecks.set(conname, { column, validated: !skip_validation });
}

/** The columns that an update sets; a backfill goes on until none of its rows is left. */
function fill(schema: KnownSchema, { relation = {}, targetList = [] }: UpdateStmt): void {
  for (const node of targetList) if ('ResTarget' in node) schema.fill(relation, node.ResTarget.name ?? '');
}

function rename(schema: KnownSchema, statement: Extract<Node, { RenameStmt: unknown }>): void {
  const { renameType, relation, newname = '', subname = '' } = statement.RenameStmt;
  if (!relation) return;
  const from = nameOf(relation);
  if (renameType === 'OBJECT_TABLE') schema.rename(relation, joined([relation.schemaname ?? 'public', newname]));
  const columns = renameType === 'OBJECT_COLUMN' ? schema.tables.get(from)?.columns : undefined;
  const column = columns?.get(subname);
  if (columns && column) columns.set(newname, column);
  columns?.delete(subname);
}

function drop(schema: KnownSchema, { objects = [], removeType }: DropStmt): void {
  if (removeType !== 'OBJECT_TABLE') return;
  for (const node of objects) {
    const parts = 'List' in node ? textsOf(node.List.items) : [];
    schema.drop({ schemaname: parts.at(-2), relname: parts.at(-1) });
  }
}

type Named = readonly [kind: string, name: string];
type BodyOf<Kind> = Extract<Node, Record<Kind & string, unknown>>[Kind &
  keyof Extract<Node, Record<Kind & string, unknown>>];
type Namers = { readonly [Kind in (typeof NAMED)[number]]: (body: BodyOf<Kind>) => Named };

const NAMED = [
  ...(['ViewStmt', 'CreateSeqStmt', 'CompositeTypeStmt', 'IndexStmt', 'CreateTrigStmt'] as const),
  ...(['CreateFunctionStmt', 'CreateEnumStmt', 'CreateDomainStmt', 'CreateSchemaStmt'] as const),
];

const NAMERS: Namers = {
  ViewStmt: ({ view }) => ['view', nameOf(view ?? {})],
  CreateSeqStmt: ({ sequence }) => ['sequence', nameOf(sequence ?? {})],
  CompositeTypeStmt: ({ typevar }) => ['type', nameOf(typevar ?? {})],
  IndexStmt: ({ relation, idxname = '' }) => ['index', joined([relation?.schemaname ?? 'public', idxname])],
  CreateTrigStmt: ({ relation, trigname }) => ['trigger', `${nameOf(relation ?? {})}.${trigname}`],
  CreateFunctionStmt: ({ funcname }) => ['function', joined(textsOf(funcname))],
  CreateEnumStmt: ({ typeName }) => ['type', joined(textsOf(typeName))],
  CreateDomainStmt: ({ domainname }) => ['domain', joined(textsOf(domainname))],
  CreateSchemaStmt: ({ schemaname = '' }) => ['schema', schemaname],
};

/** What can be replaced or dropped later, by the kind PostgreSQL gives it. */
function createObject(schema: KnownSchema, statement: Node): void {
  const namer = NAMERS[kindOf(statement) as keyof Namers] as ((body: unknown) => Named) | undefined;
  if (namer) schema.createObject(...namer(Object.values(statement)[0]));
}

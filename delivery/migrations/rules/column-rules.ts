import type { AlterTableCmd, ColumnDef, Constraint } from 'libpg-query';
import type { KnownTable } from '../known-schema';
import type { Objection } from '../objection';
import { constraintsOf, typeOf } from '../syntax';
import { widens } from '../widening';
import { volatileIn } from './functions';
import { NONE, type RuleContext } from './rule';

const SERIAL = /^(small|big)?serial\d?$/;

/** A column joins a table that is in use. */
export function addColumn(column: ColumnDef, { schema }: RuleContext): readonly Objection[] {
  const constraints = constraintsOf(column);
  const default_ = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const type = typeOf(column.typeName);
  return [
    ...(SERIAL.test(type) ? [rewrites(column, type)] : NONE),
    ...(schema.objects.has(`domain ${type}`) ? [checksRows(column, `the domain ${type}`)] : NONE),
    ...volatileDefaults(column, default_),
    ...constraints.flatMap((constraint) => inlineConstraint(column, constraint, default_ !== undefined)),
  ];
}

function volatileDefaults(column: ColumnDef, default_: Constraint | undefined): readonly Objection[] {
  return volatileIn(default_?.raw_expr).map((name) => ({
    ...{ reason: 'locks', expected: 'a default that is the same for every row', got: `${name}() as default` },
    fix: `add ${column.colname} without a default, set it with "alter column … set default", and fill old rows in a backfill`,
    offset: default_?.location,
  }));
}

function inlineConstraint(column: ColumnDef, constraint: Constraint, hasDefault: boolean): readonly Objection[] {
  const { contype, location: offset } = constraint;
  const name = column.colname ?? '';
  switch (contype) {
    case 'CONSTR_NOTNULL':
      return hasDefault ? NONE : [{ ...notNullWithoutDefault(name), offset }];
    case 'CONSTR_IDENTITY':
      return [{ ...rewrites(column, 'an identity'), offset }];
    case 'CONSTR_GENERATED':
      return constraint.generated_kind === 'v' ? NONE : [{ ...rewrites(column, 'a stored generated column'), offset }];
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
      return [{ ...buildsIndex(name), offset }];
    case 'CONSTR_CHECK':
      return [{ ...checksRows(column, 'a check'), offset }];
    case 'CONSTR_FOREIGN':
      return hasDefault ? [{ ...checksRows(column, 'a foreign key with a default'), offset }] : NONE;
    default:
      return NONE;
  }
}

/** A column of a table that is in use changes its type. Only what leaves every stored value as it is may pass. */
export function alterType(cmd: AlterTableCmd, table: KnownTable | undefined): readonly Objection[] {
  const column = cmd.def && 'ColumnDef' in cmd.def ? cmd.def.ColumnDef : undefined;
  const to = typeOf(column?.typeName);
  const from = table?.columns.get(cmd.name ?? '')?.type;
  const isPlain = column?.raw_default === undefined && column?.collClause === undefined;
  if (from !== undefined && isPlain && widens(from, to)) return NONE;
  return [
    {
      ...{
        reason: 'breaks',
        expected: 'a type that widens the old one without a rewrite, such as varchar(20) to text',
      },
      got: `${cmd.name} from ${from ?? 'a type that no earlier file tells'} to ${to}`,
      fix: 'add a new column of that type, fill it in a backfill, and drop the old one in a contract migration',
    },
  ];
}

/** PostgreSQL reads the whole table under the strongest lock, unless a validated check has done so before. */
export function setNotNull(column: string, table: KnownTable | undefined): readonly Objection[] {
  const checks = [...(table?.notNullChecks.values() ?? [])];
  const isShown = checks.some((check) => check.column === column && check.validated);
  if (isShown || table?.columns.get(column)?.notNull) return NONE;
  return [
    {
      ...{ reason: 'breaks', expected: 'a validated check that no row lacks it', got: `set not null on ${column}` },
      fix:
        `set a default, backfill, add constraint … check (${column} is not null) not valid, and validate it in the next file; ` +
        'only then set not null',
    },
  ];
}

function notNullWithoutDefault(column: string): Objection {
  return {
    ...{ reason: 'breaks', expected: 'a default, or null allowed', got: `${column} not null without a default` },
    fix: 'give it a default: the running release does not know the column and inserts rows without it',
  };
}

function rewrites({ colname }: ColumnDef, what: string): Objection {
  return {
    ...{ reason: 'locks', expected: 'a column that needs no value for each old row', got: `${colname} as ${what}` },
    fix: 'PostgreSQL would rewrite the table under a lock; add a plain column, and fill it in a backfill',
  };
}

function buildsIndex(column: string): Objection {
  return {
    ...{ reason: 'locks', expected: 'an index built beside the traffic', got: `${column} with an index of its own` },
    fix: 'add the column bare, then "create unique index concurrently" in a file of its own, then "add constraint … using index"',
  };
}

function checksRows({ colname }: ColumnDef, what: string): Objection {
  return {
    ...{ reason: 'locks', expected: 'constraints that old rows are not read for', got: `${colname} with ${what}` },
    fix: 'add the column bare, then "add constraint … not valid", and "validate constraint" in a later file',
  };
}

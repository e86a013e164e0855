import type { AlterTableCmd, AlterTableStmt, CreateStmt, Node, RangeVar } from 'libpg-query';
import type { KnownTable } from '../known-schema';
import type { Objection } from '../objection';
import { nameOf } from '../syntax';
import { addColumn, alterType, setNotNull } from './column-rules';
import { addConstraint } from './constraint-rules';
import { NONE, type Rule, type RuleContext } from './rule';

export const createTable: Rule<CreateStmt> = ({ inhRelations = [], partbound }, { schema }) => {
  const parents = inhRelations.flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
  const inUse = parents.filter((parent) => !schema.isFresh(parent));
  return inUse.map((parent) => ({
    ...{
      reason: 'locks',
      expected: 'a table that stands by itself',
      got: `${partbound ? 'a partition' : 'a child'} of ${nameOf(parent)}`,
    },
    fix: 'create it by itself, then "alter table … attach partition" in the same file, which takes the weaker lock',
  }));
};

export const alterTable: Rule<AlterTableStmt> = (statement, context) => {
  const { relation = {}, cmds = [], objtype } = statement;
  const alterations = cmds.flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
  // what becomes part of a new table may be an old one
  const attaching = alterations.filter(({ subtype }) => subtype === 'AT_AttachPartition' && objtype === 'OBJECT_TABLE');
  if (context.schema.isFresh(relation)) return attaching.flatMap(({ def }) => attach(def, context));
  if (objtype !== 'OBJECT_TABLE') return otherObject(statement);
  const name = nameOf(relation);
  const isLocked = context.schema.locked.has(name) || alterations.some(({ subtype = '' }) => !WEAK.includes(subtype));
  return alterations.flatMap((cmd) =>
    alteration(cmd, { relation, context, isLocked, table: context.schema.tables.get(name) }),
  );
};

/** Alterations that let reads and writes go on. */
export const WEAK: readonly string[] = ['AT_ValidateConstraint', 'AT_SetStatistics', 'AT_AttachPartition'];

function otherObject({ objtype = 'OBJECT_TABLE', cmds = [] }: AlterTableStmt): readonly Objection[] {
  const attaches = cmds.every((node) => 'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_AttachPartition');
  if (objtype === 'OBJECT_INDEX' && attaches) return NONE;
  return [
    {
      ...{ reason: 'breaks', expected: 'what is in use to stay as it is', got: `an altered ${wordOf(objtype)}` },
      fix: 'create a new one beside it, and drop the old one in a contract migration',
    },
  ];
}

interface Altered {
  readonly relation: RangeVar;
  /** Whether some other alteration keeps everybody from the table by then. */
  readonly isLocked: boolean;
  readonly table: KnownTable | undefined;
  readonly context: RuleContext;
}

/** Alterations that change nothing a running release can see, and hold their lock for a moment. */
const HARMLESS = new Set([
  ...['AT_DropNotNull', 'AT_SetStatistics', 'AT_SetOptions', 'AT_ResetOptions', 'AT_SetStorage', 'AT_SetCompression'],
  ...['AT_SetRelOptions', 'AT_ResetRelOptions', 'AT_ReplicaIdentity'],
]);

function alteration(cmd: AlterTableCmd, altered: Altered): readonly Objection[] {
  const { subtype = '', name = '', def } = cmd;
  if (HARMLESS.has(subtype)) return NONE;
  switch (subtype) {
    case 'AT_AddColumn':
      return def && 'ColumnDef' in def ? addColumn(def.ColumnDef, altered.context) : NONE;
    case 'AT_AlterColumnType':
      return alterType(cmd, altered.table);
    case 'AT_SetNotNull':
      return setNotNull(name, altered.table);
    case 'AT_AddConstraint':
      return addConstraint(def && 'Constraint' in def ? def.Constraint : {}, altered);
    case 'AT_ValidateConstraint':
      return validate(name, altered);
    case 'AT_AttachPartition':
      return attach(def, altered.context);
    case 'AT_ColumnDefault':
      return def === undefined ? [drops(`the default of ${name}`)] : NONE;
    case 'AT_DropColumn':
      return [drops(`column ${name}`)];
    case 'AT_DropConstraint':
      return [drops(`constraint ${name}`)];
    default:
      return [notKnown(subtype)];
  }
}

/** By itself it lets reads and writes go on; after another alteration it reads the table under that one's lock. */
function validate(name: string, { isLocked }: Altered): readonly Objection[] {
  if (!isLocked) return NONE;
  return [
    {
      ...{
        reason: 'locks',
        expected: 'it in a file in which nothing else locked the table',
        got: `validate constraint ${name}`,
      },
      fix: 'move it to the next file: locks are held until a file ends',
    },
  ];
}

function attach(def: Node | undefined, { schema }: RuleContext): readonly Objection[] {
  const partition = def && 'PartitionCmd' in def ? def.PartitionCmd.name : undefined;
  if (partition && schema.isFresh(partition)) return NONE;
  return [
    {
      ...{ reason: 'locks', expected: 'a partition that this file created', got: 'a table that is in use' },
      fix: 'PostgreSQL would read all of it under a lock; create an empty partition, and move the rows in a backfill',
    },
  ];
}

export function drops(what: string): Objection {
  return {
    ...{ reason: 'breaks', expected: 'what the running release may use to stay', got: `drop of ${what}` },
    fix: 'drop it in a contract migration, a release of its own',
  };
}

function notKnown(subtype: string): Objection {
  return {
    ...{ reason: 'breaks', expected: 'an alteration that is known to be harmless', got: wordOf(subtype) },
    fix: 'do it in a contract migration, or on a table that this file creates',
  };
}

/** `AT_SetLogged` → `set logged`, `OBJECT_MATVIEW` → `matview`. */
export function wordOf(name: string): string {
  return name
    .replace(/^(AT|OBJECT)_/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

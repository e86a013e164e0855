import type { Node } from 'libpg-query';
import type { Objection } from '../objection';
import { kindOf } from '../statements';
import { block } from './block-rule';
import { rowChanges } from './data-rules';
import { createIndex, reindex } from './index-rules';
import {
  alterEnum,
  createFunction,
  createTableAs,
  createTrigger,
  createView,
  drop,
  rename,
  truncate,
} from './object-rules';
import { NONE, type Rule, type RuleContext, type Rules } from './rule';
import { callsIn, lock, outOfPlace, refresh, select, set, unreadable, vacuum } from './session-rules';
import { alterTable, createTable } from './table-rules';

const free = () => NONE;
const ONE_TRANSACTION = outOfPlace(
  'control of transactions',
  'leave it out: the migrator runs each file in a transaction of its own',
);
const SERVER = outOfPlace('a change of the server', 'make it where the database itself is defined');
const COPY = outOfPlace('copy', 'load rows in a backfill migration');

/** What may stand in an expand migration. A kind that is not here is refused. */
const RULES: Rules = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  ReindexStmt: reindex,
  ViewStmt: createView,
  CreateFunctionStmt: createFunction,
  CreateTrigStmt: createTrigger,
  CreateTableAsStmt: createTableAs,
  AlterEnumStmt: alterEnum,
  RenameStmt: rename,
  TruncateStmt: truncate,
  DropStmt: drop,
  VariableSetStmt: set,
  SelectStmt: select,
  LockStmt: lock,
  VacuumStmt: vacuum,
  RefreshMatViewStmt: refresh,
  // Their rows are looked at wherever they stand in a statement.
  ...{ InsertStmt: free, UpdateStmt: free, DeleteStmt: free, MergeStmt: free },
  ...{ CreateEnumStmt: free, CreateDomainStmt: free, CompositeTypeStmt: free, CreateRangeStmt: free, DefineStmt: free },
  ...{ CreateExtensionStmt: free, CreateSeqStmt: free, CreateStatsStmt: free, CommentStmt: free, CreateRoleStmt: free },
  CreateSchemaStmt: ({ schemaElts = [] }) => (schemaElts.length > 0 ? unreadable('a schema with its content') : NONE),
  GrantStmt: ({ is_grant }) => (is_grant ? NONE : taken('a privilege')),
  GrantRoleStmt: ({ is_grant }) => (is_grant ? NONE : taken('a role')),
  AlterDefaultPrivilegesStmt: ({ action }) => (action?.is_grant ? NONE : taken('a privilege')),
  CreatePolicyStmt: ({ table = {} }, { schema }) => (schema.isFresh(table) ? NONE : taken('rows, by a policy')),
  ClusterStmt: lockedBy('cluster'),
  TransactionStmt: ONE_TRANSACTION,
  ...{ AlterSystemStmt: SERVER, CreatedbStmt: SERVER, DropdbStmt: SERVER, CreateTableSpaceStmt: SERVER },
  CopyStmt: COPY,
  DiscardStmt: ONE_TRANSACTION,
  ...{ CallStmt: hidden('a call'), ExecuteStmt: hidden('execute'), PrepareStmt: hidden('prepare') },
  ExplainStmt: hidden('explain'),
};

function hidden(what: string): Rule<unknown> {
  return () => unreadable(what);
}

/** Everything that speaks against a statement in an expand migration. */
export function objectionsTo(statement: Node, context: RuleContext): readonly Objection[] {
  const kind = kindOf(statement);
  const [body] = Object.values(statement);
  if ('DoStmt' in statement)
    return block(statement.DoStmt, (inner) => objectionsTo(inner, { ...context, alone: false }));
  const rule = RULES[kind as keyof Rules] as Rule<unknown> | undefined;
  return [
    ...(rule ?? unknownKind(kind))(body, context),
    ...(DEFINES.includes(kind) ? NONE : rowChanges(statement, context)),
    ...callsIn(kind, body),
  ];
}

/** Their bodies run later, if ever. */
const DEFINES = ['CreateFunctionStmt', 'RuleStmt', 'ViewStmt'];

function unknownKind(kind: string): Rule<unknown> {
  return () => [
    {
      ...{ reason: 'breaks', expected: 'a statement that is known to leave the running release alone' },
      got: kind
        .replace(/Stmt$/, '')
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase(),
      fix: 'do it in a contract migration',
    },
  ];
}

function taken(what: string): readonly Objection[] {
  return [
    {
      ...{ reason: 'breaks', expected: 'what the running release may do to stay', got: `${what} taken away` },
      fix: 'do it in a contract migration',
    },
  ];
}

function lockedBy(what: string): Rule<unknown> {
  return () => [
    {
      reason: 'locks',
      expected: 'tables that stay readable',
      got: what,
      fix: 'leave it out: it rewrites a table under a lock',
    },
  ];
}

import type {
  AlterEnumStmt,
  CreateFunctionStmt,
  CreateTableAsStmt,
  CreateTrigStmt,
  DropStmt,
  Node,
  RangeVar,
  RenameStmt,
  TruncateStmt,
  ViewStmt,
} from 'libpg-query';
import type { Objection } from '../objection';
import { joined, nameOf, nodesOf, textsOf } from '../syntax';
import { notInTransaction } from './index-rules';
import { NONE, type Rule, type RuleContext } from './rule';
import { drops, wordOf } from './table-rules';

export const createView: Rule<ViewStmt> = ({ view = {}, replace }, context) =>
  replaced(context, { replace, kind: 'view', name: nameOf(view) });

/** What the body says happens when somebody calls it, and no migration may. */
export const createFunction: Rule<CreateFunctionStmt> = ({ funcname, replace }, context) =>
  replaced(context, { replace, kind: 'function', name: joined(textsOf(funcname)) });

export const createTrigger: Rule<CreateTrigStmt> = ({ relation = {}, trigname = '', replace }, context) =>
  replaced(context, { replace, kind: 'trigger', name: `${nameOf(relation)}.${trigname}` });

interface Replaced {
  readonly replace: boolean | undefined;
  readonly kind: string;
  readonly name: string;
}

function replaced({ schema }: RuleContext, { replace, kind, name }: Replaced): readonly Objection[] {
  if (!replace || schema.isFreshObject(kind, name) || !schema.objects.has(`${kind} ${name}`)) return NONE;
  return [
    {
      ...{
        reason: 'breaks',
        expected: `a ${kind} of a new name`,
        got: `${kind} ${name}, which the running release uses, replaced`,
      },
      fix: 'create it under a new name, and drop the old one in a contract migration',
    },
  ];
}

export const createTableAs: Rule<CreateTableAsStmt> = ({ into, query }, { schema }) => {
  const sources = nodesOf<RangeVar>('RangeVar', query).filter((source) => !schema.isFresh(source));
  if (into?.skipData || sources.length === 0) return NONE;
  return [
    {
      ...{ reason: 'locks', expected: '"with no data"', got: `a copy of ${sources.map(nameOf).join(', ')}` },
      fix: 'create it empty, and fill it in a backfill migration',
    },
  ];
};

export const alterEnum: Rule<AlterEnumStmt> = ({ oldVal, typeName }) =>
  oldVal === undefined ? NONE : [renames(`value ${oldVal} of ${joined(textsOf(typeName))}`)];

export const rename: Rule<RenameStmt> = ({ relation, renameType = '', subname, relationType }, { schema }) => {
  if (relation && schema.isFresh(relation)) return NONE;
  const what = subname === undefined ? wordOf(renameType) : `${wordOf(renameType)} ${subname}`;
  const of =
    relation &&
    (renameType === relationType || subname === undefined ? ` ${nameOf(relation)}` : ` of ${nameOf(relation)}`);
  return [renames(`${what}${of ?? ''}`)];
};

function renames(what: string): Objection {
  return {
    ...{ reason: 'breaks', expected: 'names that the running release uses to stay', got: `rename of ${what}` },
    fix: 'add what bears the new name, fill it in a backfill, and drop the old one in a contract migration',
  };
}

export const truncate: Rule<TruncateStmt> = ({ relations = [] }, { schema }) =>
  tablesIn(relations)
    .filter((table) => !schema.isFresh(table))
    .map((table) => drops(`every row of ${nameOf(table)}`));

export const drop: Rule<DropStmt> = ({ objects = [], removeType = '', concurrent }, { schema, alone }) => {
  const kind = wordOf(removeType);
  const others = objects.map(partsOf).filter((parts) => !isOwn(parts, kind, schema));
  const misplaced = concurrent && !alone ? [notInTransaction('drop index concurrently')] : NONE;
  return [...misplaced, ...others.map((parts) => drops(`${kind} ${joined(parts)}`))];
};

function isOwn(parts: readonly string[], kind: string, schema: RuleContext['schema']): boolean {
  if (kind === 'table') return schema.isFresh(asTable(parts));
  // The last part is its own name, those before it the table's.
  if (kind === 'trigger' || kind === 'policy') return schema.isFresh(asTable(parts.slice(0, -1)));
  return schema.isFreshObject(kind, joined(parts));
}

function asTable(parts: readonly string[]): RangeVar {
  return { schemaname: parts.at(-2), relname: parts.at(-1) };
}

function partsOf(node: Node): readonly string[] {
  if ('List' in node) return textsOf(node.List.items);
  if ('TypeName' in node) return textsOf(node.TypeName.names);
  if ('ObjectWithArgs' in node) return textsOf(node.ObjectWithArgs.objname);
  return textsOf([node]);
}

function tablesIn(nodes: readonly Node[]): readonly RangeVar[] {
  return nodes.flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
}

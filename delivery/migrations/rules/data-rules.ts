import type { DeleteStmt, InsertStmt, MergeStmt, RangeVar, UpdateStmt } from 'libpg-query';
import type { Objection } from '../objection';
import { type Branch, nameOf, nodesOf } from '../syntax';
import { NONE, type RuleContext } from './rule';

/**
 * Changes of rows anywhere in a statement, common table expressions included.
 *
 * An expand migration adds rows at most: what the running release wrote stays as it wrote it.
 */
export function rowChanges(statement: Branch, context: RuleContext): readonly Objection[] {
  return [
    ...nodesOf<InsertStmt>('InsertStmt', statement).flatMap((insert) => insertion(insert, context)),
    ...nodesOf<UpdateStmt>('UpdateStmt', statement).flatMap((update) => change('update', update, context)),
    ...nodesOf<DeleteStmt>('DeleteStmt', statement).flatMap((deletion) => change('delete', deletion, context)),
    ...nodesOf<MergeStmt>('MergeStmt', statement).flatMap((merge) => change('merge', merge, context)),
  ];
}

function insertion(insert: InsertStmt, { schema }: RuleContext): readonly Objection[] {
  const { relation = {}, selectStmt, withClause, onConflictClause } = insert;
  const sources = nodesOf<RangeVar>('RangeVar', [selectStmt, withClause]);
  const copied = sources.filter((source) => !schema.isFresh(source) && !isNamedBelow(source, withClause));
  const overwrites = onConflictClause?.action === 'ONCONFLICT_UPDATE' && !schema.isFresh(relation);
  return [
    ...copied.map((source) => ({
      ...{
        reason: 'locks' as const,
        expected: 'rows that the file itself names',
        got: `rows copied from ${nameOf(source)}`,
      },
      fix: 'copy them in a backfill migration, in batches: here every lock of the file is held until the last row',
    })),
    ...(overwrites ? [changesRows('insert … on conflict do update', relation)] : NONE),
  ];
}

function isNamedBelow({ relname }: RangeVar, withClause: Branch): boolean {
  return nodesOf<string>('ctename', withClause).includes(relname ?? '');
}

function change(
  what: string,
  { relation = {}, whereClause }: Pick<UpdateStmt, 'relation' | 'whereClause'>,
  { schema }: RuleContext,
): readonly Objection[] {
  if (schema.isFresh(relation)) return NONE;
  return [changesRows(what === 'merge' || whereClause ? what : `${what} without where`, relation)];
}

function changesRows(what: string, relation: RangeVar): Objection {
  return {
    ...{
      reason: 'breaks',
      expected: 'rows of tables in use to stay as they are',
      got: `${what} on ${nameOf(relation)}`,
    },
    fix: 'change rows in a backfill migration, in batches',
    offset: relation.location,
  };
}

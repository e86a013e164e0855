import type { Node, UpdateStmt } from 'libpg-query';
import type { Objection } from '../objection';
import { nameOf, nodesOf, textsOf } from '../syntax';
import { NONE } from './rule';

/**
 * A backfill is repeated until it changes nothing, so what it has changed must no longer be among what it picks: some column that it
 * sets stands in its conditions.
 */
export function ending({
  relation = {},
  targetList,
  whereClause,
  withClause,
  fromClause,
}: UpdateStmt): readonly Objection[] {
  const set = nodesOf<{ name?: string }>('ResTarget', targetList).map(({ name }) => name);
  const asked = nodesOf<{ fields?: Node[] }>('ColumnRef', [whereClause, withClause, fromClause]);
  if (asked.some(({ fields }) => set.includes(textsOf(fields).at(-1)))) return NONE;
  const [column = 'it'] = set;
  return [
    {
      ...{ reason: 'misplaced', expected: 'rows that are picked no longer once they are changed' },
      got: `a change of ${nameOf(relation)} that would be repeated for ever`,
      fix: `ask for rows that lack it, e.g. "where ${column} is null"`,
    },
  ];
}

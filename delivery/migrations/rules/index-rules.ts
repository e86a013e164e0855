import type { IndexStmt, ReindexStmt } from 'libpg-query';
import type { Objection } from '../objection';
import { nameOf } from '../syntax';
import { NONE, type Rule } from './rule';

export const createIndex: Rule<IndexStmt> = ({ relation = {}, concurrent }, { schema, alone }) => {
  if (schema.isFresh(relation)) return concurrent ? [notInTransaction('create index concurrently')] : NONE;
  const isPartitioned = schema.tables.get(nameOf(relation))?.partitioned;
  if (concurrent && isPartitioned) return [onPartitions(nameOf(relation))];
  if (concurrent) return alone ? NONE : [notInTransaction('create index concurrently')];
  // On a partitioned table alone it is an entry in the catalogue.
  if (relation.inh !== true && isPartitioned) return NONE;
  return [
    {
      ...{
        reason: 'locks',
        expected: '"concurrently" on a table that is in use',
        got: `an index that keeps writes to ${nameOf(relation)} waiting`,
      },
      fix: 'write "create index concurrently", alone in its file',
    },
  ];
};

function onPartitions(table: string): Objection {
  return {
    ...{ reason: 'misplaced', expected: 'an index of each partition', got: `one of ${table}, which is partitioned` },
    fix: `"create index … on only ${table}", "concurrently" on each partition in a file of its own, then "alter index … attach partition"`,
  };
}

export const reindex: Rule<ReindexStmt> = ({ params = [] }, { alone }) => {
  const concurrently = params.some((node) => 'DefElem' in node && node.DefElem.defname === 'concurrently');
  if (concurrently) return alone ? NONE : [notInTransaction('reindex concurrently')];
  return [
    {
      ...{ reason: 'locks', expected: '"reindex concurrently"', got: 'a reindex that keeps writes waiting' },
      fix: 'write "concurrently", alone in its file',
    },
  ];
};

export function notInTransaction(what: string): Objection {
  return {
    ...{ reason: 'misplaced', expected: 'it alone in its file', got: `${what} beside other statements` },
    fix: 'move it to a file of its own: a file with more than one statement is one transaction, in which it cannot run',
  };
}

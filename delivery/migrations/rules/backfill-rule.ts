import type {
  A_Expr,
  CommonTableExpr,
  DeleteStmt,
  InsertStmt,
  Node,
  RangeVar,
  SelectStmt,
  SubLink,
  UpdateStmt,
} from 'libpg-query';
import type { Objection } from '../objection';
import type { Statement } from '../statements';
import { type Branch, nameOf, nodesOf, textsOf } from '../syntax';
import { ending } from './backfill-end-rule';
import { unknownCalls } from './functions';
import { NONE } from './rule';

/** Most rows that one batch may change: at some 10,000 rows a second its locks are gone before a user would notice. */
export const MOST_ROWS = 10_000;

const CHANGES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt'];

/**
 * A backfill is one change of rows that says how many it takes at a time. The migrator repeats it, each time in a transaction of its
 * own, until it changes none.
 */
export function backfill(statement: Statement, isAlone: boolean): readonly Objection[] {
  const { kind, node } = statement;
  if (!CHANGES.includes(kind)) return [{ ...MISPLACED, got: statement.excerpt }];
  const [body] = Object.values(node) as [InsertStmt & UpdateStmt & DeleteStmt];
  return [
    ...(isAlone ? NONE : [NOT_ALONE]),
    ...(kind === 'InsertStmt' ? insertion(body) : changing(body)),
    ...(kind === 'UpdateStmt' ? ending(body) : NONE),
    ...nested(kind, body),
    ...unknownCalls(node),
  ];
}

const MISPLACED: Omit<Objection, 'got'> = {
  ...{ reason: 'misplaced', expected: 'one insert, update or delete' },
  fix: 'put it into an expand migration before, or into a contract migration after',
};

const NOT_ALONE: Objection = {
  ...{ reason: 'misplaced', expected: 'one statement in a backfill', got: 'more than one' },
  fix: 'give each a file of its own: the migrator repeats a file until it changes nothing',
};

function unbounded(what: string, example: string): Objection {
  return {
    ...{ reason: 'locks', expected: `a batch of at most ${MOST_ROWS} rows`, got: `${what} of any number of rows` },
    fix: `bound it, e.g. ${example}`,
  };
}

function insertion({ selectStmt, onConflictClause, withClause }: InsertStmt): readonly Objection[] {
  const select = selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : {};
  const isBounded = isLimited(select) || ctesOf(withClause).some(({ ctequery }) => isLimited(selectIn(ctequery)));
  return [
    ...(isBounded && select.whereClause
      ? NONE
      : [unbounded('an insert', '"insert … select … where not exists (…) limit 1000 on conflict do nothing"')]),
    ...(onConflictClause?.action === 'ONCONFLICT_NOTHING' ? NONE : [NOT_REPEATABLE]),
  ];
}

const NOT_REPEATABLE: Objection = {
  ...{
    reason: 'misplaced',
    expected: '"on conflict do nothing"',
    got: 'an insert that fails or adds rows when it is repeated',
  },
  fix: 'add it: a backfill is repeated until it changes nothing',
};

function changing(body: UpdateStmt & DeleteStmt): readonly Objection[] {
  if (isBounded(body)) return NONE;
  const table = nameOf(body.relation ?? {});
  return [unbounded(`a change of ${table}`, `"where id in (select id from ${table} where … limit 1000)"`)];
}

/** Some condition that every changed row must meet picks rows out of a limited selection. */
function isBounded({ relation, whereClause, withClause, fromClause, usingClause }: UpdateStmt & DeleteStmt): boolean {
  const batches = ctesOf(withClause).filter(({ ctequery }) => isLimited(selectIn(ctequery)));
  const joined = nodesOf<RangeVar>('RangeVar', [fromClause, usingClause]);
  const names = batches.flatMap(({ ctename = '' }) =>
    joined
      .filter(({ relname, schemaname }) => relname === ctename && !schemaname)
      .map(({ alias }) => alias?.aliasname ?? ctename),
  );
  const own = relation?.alias?.aliasname ?? relation?.relname ?? '';
  return conjuncts(whereClause).some(
    (condition) => picks(condition, { own, batches }) || names.some((name) => joins(condition, name)),
  );
}

interface Picked {
  /** Name by which the changed table is called outside the selection. */
  readonly own: string;
  readonly batches: readonly CommonTableExpr[];
}

/** `x in (select … limit n)`, or `x = any (array(select … limit n))`. */
function picks(condition: Node, picked: Picked): boolean {
  if ('SubLink' in condition)
    return condition.SubLink.subLinkType === 'ANY_SUBLINK' && isBatch(condition.SubLink, picked);
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP_ANY' || !isEquals(condition.A_Expr)) return false;
  const { rexpr } = condition.A_Expr;
  return rexpr !== undefined && 'SubLink' in rexpr && isBatch(rexpr.SubLink, picked);
}

/** A selection that looks at the row in question is made anew for each row, so its limit limits nothing. */
function isBatch({ subselect }: SubLink, { own, batches }: Picked): boolean {
  const select = selectIn(subselect);
  const sources = nodesOf<RangeVar>('RangeVar', select.fromClause);
  const shadows = sources.some(({ alias, relname }) => (alias?.aliasname ?? relname) === own);
  const isCorrelated = !shadows && columnsIn(select).some(([table, column]) => column !== undefined && table === own);
  const fromBatch = sources.some(({ relname }) => batches.some(({ ctename }) => ctename === relname));
  return !isCorrelated && (isLimited(select) || fromBatch);
}

/** `t.id = batch.id` */
function joins(condition: Node, batch: string): boolean {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP' || !isEquals(condition.A_Expr)) return false;
  return columnsIn(condition).some(([table, column]) => column !== undefined && table === batch);
}

function isEquals({ name }: A_Expr): boolean {
  return textsOf(name).join('') === '=';
}

function columnsIn(branch: Branch): readonly (readonly string[])[] {
  return nodesOf<{ fields?: Node[] }>('ColumnRef', branch).map(({ fields }) => textsOf(fields));
}

/** Conditions that all must hold. */
function conjuncts(where: Node | undefined): readonly Node[] {
  if (where === undefined) return [];
  if ('BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR')
    return (where.BoolExpr.args ?? []).flatMap(conjuncts);
  return [where];
}

function isLimited({ limitCount, limitOption }: SelectStmt): boolean {
  if (limitCount === undefined || limitOption === 'LIMIT_OPTION_WITH_TIES' || !('A_Const' in limitCount)) return false;
  const { ival } = limitCount.A_Const;
  return ival !== undefined && (ival.ival ?? 0) <= MOST_ROWS;
}

function selectIn(node: Node | undefined): SelectStmt {
  return node && 'SelectStmt' in node ? node.SelectStmt : {};
}

function ctesOf(withClause: UpdateStmt['withClause']): readonly CommonTableExpr[] {
  return (withClause?.ctes ?? []).flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []));
}

/** Changes inside a change are bounded by nobody. */
function nested(kind: string, body: Branch): readonly Objection[] {
  const inner = [...CHANGES, 'MergeStmt'].flatMap((inside) => nodesOf(inside, body));
  if (inner.length === 0) return NONE;
  return [{ ...MISPLACED, got: `another change inside the ${kind === 'InsertStmt' ? 'insert' : 'change'}` }];
}

import { type DoStmt, type Node, parsePlPgSQLSync, parseSync } from 'libpg-query';
import type { Objection } from '../objection';
import { type Branch, nodesOf } from '../syntax';
import { NONE } from './rule';

/** Parts of a block that run text nobody can read beforehand. */
const DYNAMIC = ['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors', 'dynquery'];
const TRANSACTIONS = ['PLpgSQL_stmt_commit', 'PLpgSQL_stmt_rollback'];

interface Expression {
  readonly query: string;
  /** PostgreSQL's RawParseMode: 0 a statement, 2 an expression, from 3 on an assignment. */
  readonly parseMode?: number;
}

/**
 * A block in PL/pgSQL, read down to its statements.
 *
 * @param check what speaks against one of them
 */
export function block(body: DoStmt, check: (statement: Node) => readonly Objection[]): readonly Objection[] {
  const tree = treeOf(body);
  if (tree === undefined) return [unreadableBlock('a block that is not plain PL/pgSQL')];
  const dynamic = DYNAMIC.some((kind) => nodesOf(kind, tree).length > 0);
  const commits = TRANSACTIONS.some((kind) => nodesOf(kind, tree).length > 0);
  return [
    ...(dynamic ? [unreadableBlock('a block that executes text')] : NONE),
    ...(commits ? [COMMITS] : NONE),
    ...nodesOf<Expression>('PLpgSQL_expr', tree)
      .filter(({ query }) => !dynamic || query !== '')
      .flatMap((expression) => checked(expression, check)),
  ];
}

const COMMITS: Objection = {
  ...{ reason: 'misplaced', expected: 'one transaction', got: 'a block that commits' },
  fix: 'write a backfill migration: the migrator repeats it, each time in a transaction of its own',
};

function unreadableBlock(got: string): Objection {
  return {
    ...{ reason: 'unreadable', expected: 'statements that can be read', got },
    fix: 'write the statements themselves; nothing here can tell what it would run',
  };
}

function treeOf({ args = [] }: DoStmt): Branch | undefined {
  const option = (name: string) =>
    args.flatMap((node) => ('DefElem' in node && node.DefElem.defname === name ? (node.DefElem.arg ?? []) : []))[0];
  const [source, language] = [textOf(option('as')), textOf(option('language'))];
  if (source === undefined || (language ?? 'plpgsql') !== 'plpgsql') return undefined;
  try {
    return parsePlPgSQLSync(`create function block() returns void language plpgsql as ${quoted(source)}`);
  } catch {
    return undefined;
  }
}

function textOf(node: Node | undefined): string | undefined {
  return node && 'String' in node ? node.String.sval : undefined;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function checked(expression: Expression, check: (statement: Node) => readonly Objection[]): readonly Objection[] {
  const statements = statementsIn(expression);
  return statements === undefined ? [unreadableBlock(`"${expression.query}"`)] : statements.flatMap(check);
}

/** @returns undefined if PostgreSQL cannot parse it */
function statementsIn({ query, parseMode = 0 }: Expression): readonly Node[] | undefined {
  const assigned = parseMode >= 3 ? query.replace(/^[^:=]*:?=/, '') : query;
  try {
    const { stmts = [] } = parseSync(parseMode === 0 ? query : `select ${assigned}`);
    return stmts.flatMap(({ stmt }) => stmt ?? []);
  } catch {
    return undefined;
  }
}

import { hasSqlDetails, loadModule, type Node, type ParseResult, parse } from 'libpg-query';

/** One statement of a file. */
export interface Statement {
  /** PostgreSQL's own name of it, e.g. `AlterTableStmt`. */
  readonly kind: string;
  readonly node: Node;
  /** First line of it in the file, from 1; comments before it are not part of it. */
  readonly line: number;
  /** The statement on one line, cut to what fits a message. */
  readonly excerpt: string;
  /** Line of a byte offset that a node of it carries. */
  lineOf(offset: number | undefined): number;
}

/** Text that PostgreSQL cannot parse. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly fix = 'mend it',
  ) {
    super(message);
  }
}

const MOST_SHOWN = 72;

/**
 * Statements of a file, as PostgreSQL's own parser reads them.
 *
 * @throws SyntaxProblem
 */
export async function readStatements(sql: string): Promise<readonly Statement[]> {
  refuseUnseen(sql);
  await loadModule();
  const bytes = Buffer.from(sql);
  const { stmts = [] } = await parsed(sql);
  return stmts.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    if (stmt === undefined) return [];
    const start = startOf(bytes.toString('latin1'), from);
    const end = length ? from + length : bytes.length;
    return {
      ...{ kind: kindOf(stmt), node: stmt, line: lineAt(bytes, start) },
      excerpt: excerptOf(bytes.subarray(start, end).toString('utf8')),
      lineOf: (offset: number | undefined) => lineAt(bytes, offset ?? start),
    };
  });
}

/** Characters that nobody sees in an editor: PostgreSQL stumbles over the one, and reads nothing behind the other. */
const UNSEEN = [
  { char: '\ufeff', name: 'a byte order mark, which no editor shows', fix: 'save the file as UTF-8 without one' },
  { char: '\0', name: 'a NUL character, behind which nothing is read', fix: 'take it out' },
];

function refuseUnseen(sql: string): void {
  for (const { char, name, fix } of UNSEEN)
    if (sql.includes(char)) throw new SyntaxProblem(name, sql.slice(0, sql.indexOf(char)).split('\n').length, fix);
}

export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? '';
}

async function parsed(sql: string): Promise<ParseResult> {
  try {
    return sql.trim() === '' ? {} : await parse(sql);
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    const at = error.sqlDetails?.cursorPosition ?? 0;
    throw new SyntaxProblem(error.message, [...sql].slice(0, at).filter((char) => char === '\n').length + 1);
  }
}

function lineAt(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).toString('latin1').split('\n').length;
}

/** A statement's location begins where the one before it ended, blanks and comments included. */
function startOf(text: string, from: number): number {
  let at = from;
  for (;;) {
    const next = afterComment(text, afterMatch(text, at, /(?:\s|--[^\n]*)+/y));
    if (next === at) return at;
    at = next;
  }
}

function afterMatch(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Comments in slashes and stars nest. */
function afterComment(text: string, at: number): number {
  if (!text.startsWith('/*', at)) return at;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function excerptOf(text: string): string {
  const line = text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN - 1)}…` : line;
}

import { KnownSchema } from './known-schema';
import { type MigrationLevel, type MigrationName, migrationName, NAME_FORM } from './migration-name';
import type { Objection } from './objection';
import { backfill } from './rules/backfill-rule';
import { objectionsTo } from './rules/rules';
import { apply } from './schema-effects';
import { readStatements, type Statement, SyntaxProblem } from './statements';

export interface MigrationFile {
  /** Below the folder, e.g. `0007_expand_display_name.sql`. */
  readonly path: string;
  readonly sql: string;
}

/** One thing wrong in a migration. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  /** As much of the statement as fits a line; the name's form, where the name is wrong. */
  readonly statement: string;
  readonly reason: Objection['reason'] | 'name' | 'syntax';
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/**
 * Everything that is wrong in a folder of migrations, in the order of its files. Files that come first tell what stands when the
 * later ones run.
 */
export async function lintMigrations(files: readonly MigrationFile[]): Promise<readonly Finding[]> {
  const schema = new KnownSchema();
  const findings: Finding[] = [];
  // As the migrator sorts them.
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  let last: MigrationName | undefined;
  for (const file of inOrder) {
    const name = migrationName(file.path);
    if (name === undefined) findings.push(misnamed(file.path));
    else if (last && name.number <= last.number) findings.push(outOfOrder(file.path, last));
    last = name ?? last;
    findings.push(...(await lintFile(schema, file, name?.level ?? 'expand')));
  }
  return findings;
}

/** One line: `<file>:<line>: <statement>: expected <allowed>, got <what>; <fix>`. */
export function describeFinding({ file, line, statement, expected, got, fix }: Finding): string {
  return `${file}:${line}: ${statement}: expected ${expected}, got ${got}; ${fix}`;
}

async function lintFile(
  schema: KnownSchema,
  { path, sql }: MigrationFile,
  level: MigrationLevel,
): Promise<readonly Finding[]> {
  try {
    const statements = await readStatements(sql);
    schema.beginFile();
    return statements.flatMap((statement) => {
      const objections = objectionsAt(level, statement, { schema, alone: statements.length === 1 });
      apply(schema, statement.node);
      return objections.map((objection) => found(path, statement, objection));
    });
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return [unparsed(path, error)];
  }
}

/** A contract migration may break what no running release uses any more; it may not lock, hide or stand in a wrong place either. */
function objectionsAt(
  level: MigrationLevel,
  statement: Statement,
  context: { readonly schema: KnownSchema; readonly alone: boolean },
): readonly Objection[] {
  if (level === 'backfill') return backfill(statement, context.alone);
  const objections = objectionsTo(statement.node, context);
  return level === 'expand' ? objections : objections.filter(({ reason }) => reason !== 'breaks');
}

function found(file: string, statement: Statement, { offset, ...objection }: Objection): Finding {
  const line = offset === undefined ? statement.line : statement.lineOf(offset);
  return { file, line, statement: statement.excerpt, ...objection };
}

function misnamed(file: string): Finding {
  return {
    ...{ file, line: 1, statement: 'name', reason: 'name' },
    ...{ expected: NAME_FORM, got: file, fix: 'rename it, so that its name says what it may do' },
  };
}

function outOfOrder(file: string, last: MigrationName): Finding {
  return {
    ...{ file, line: 1, statement: 'name', reason: 'name' },
    ...{ expected: `a number above that of ${last.name}`, got: file, fix: 'give it the next free number' },
  };
}

function unparsed(file: string, { line, message, fix }: SyntaxProblem): Finding {
  return {
    ...{ file, line, statement: 'file', reason: 'syntax' },
    ...{ expected: 'SQL that PostgreSQL can parse', got: message, fix },
  };
}

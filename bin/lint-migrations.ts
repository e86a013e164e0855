import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { describeFinding, type Finding, lintMigrations, type MigrationFile } from '../delivery/migrations/lint';
import { readText, runCommand } from './files';

const FOUND = 1;
const DEFAULT_FOLDER = join('reference', 'migrations');

async function run(folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  const files = migrationsIn(folder);
  const findings = await lintMigrations(files);
  process.stdout.write(json ? `${JSON.stringify(findings, undefined, 2)}\n` : asText(folder, files, findings));
  if (findings.length > 0) process.exitCode = FOUND;
}

function asText(folder: string, files: readonly MigrationFile[], findings: readonly Finding[]): string {
  const lines = findings.map((finding) => describeFinding({ ...finding, file: join(folder, finding.file) }));
  const counted = files.length === 1 ? '1 migration' : `${files.length} migrations`;
  const sum =
    findings.length === 0 ? `${counted}, nothing against them` : `${counted}, ${findings.length} against them`;
  return [...lines, `${folder}: ${sum}`, ''].join('\n');
}

/** @throws Error in one line if there is no such folder, or nothing in it */
function migrationsIn(folder: string): readonly MigrationFile[] {
  const paths = sqlFilesIn(folder);
  if (paths.length === 0)
    throw new Error(`${folder}: expected a folder with .sql files, got none; name the folder of migrations`);
  return paths.map((path) => ({ path, sql: readText(join(folder, path), 'make it readable') }));
}

function sqlFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
      .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : (error as Error).message;
    throw new Error(`${folder}: expected a folder with .sql files, got ${got}; name the folder of migrations`);
  }
}

const program = new Command('lint:migrations')
  .description('Refuse migrations that break the release still running, or keep its users waiting.')
  .argument('[folder]', 'folder of NNNN_(expand|backfill|contract)_name.sql files', DEFAULT_FOLDER)
  .option('--json', 'print the findings as JSON')
  .action((folder: string, options: { json?: boolean }) => runCommand(() => run(folder, options)));

await program.parseAsync();

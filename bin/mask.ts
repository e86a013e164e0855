import { Command } from 'commander';
import { Client } from 'pg';
import { markCopy, maskCopy, maskingProblems } from '../delivery/masking/mask';
import type { MaskedColumns } from '../lib/model/delivery';
import { ConfigError } from '../lib/model/problem';
import { COACH_MASKED } from '../systems/coach-masked';
import { runCommand } from './files';

interface Options {
  readonly system: string;
  readonly copy: string;
  readonly json?: boolean;
}

const SYSTEMS: Readonly<Record<string, MaskedColumns>> = { coach: COACH_MASKED };

async function run({ system, copy, json }: Options): Promise<void> {
  const key = Buffer.from(fromEnvironment('MASK_KEY', 'the key of the run in hexadecimal'), 'hex');
  const report = await connected((client) => maskCopy(client, { copy, key, columns: columnsOf(system) }));
  const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
  const text = `${report.columns.length} columns masked; ${rows} rows in ${Object.keys(report.rows).length} tables, as before\n`;
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : text);
}

async function check({ system }: Options): Promise<void> {
  const problems = await connected((client) => maskingProblems(client, columnsOf(system)));
  if (problems.length > 0) throw new ConfigError(system, problems);
  process.stdout.write(`${system}: every column that may tell of a person is declared\n`);
}

async function connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: fromEnvironment('DATABASE_URL', 'the URL of a PostgreSQL') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function columnsOf(system: string): MaskedColumns {
  const columns = SYSTEMS[system];
  if (columns) return columns;
  throw new Error(
    `--system: expected ${Object.keys(SYSTEMS).join(', ')}, got ${system}; declare its columns in systems/`,
  );
}

/** Secrets are not for the command line, where every user of a machine sees them. */
function fromEnvironment(name: string, expected: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`environment variable ${name}: expected ${expected}, got nothing; set it`);
}

const program = new Command('mask').description('Mask what is personal in an isolated copy of production data.');

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--system <name>', 'whose columns are declared', 'coach');
}

command('check', 'tell which columns of the database in DATABASE_URL are not declared, or wrongly').action(
  (options: Options) => runCommand(() => check(options)),
);
command('mark', 'mark the database in DATABASE_URL as a copy; for whoever restored it, and nobody else')
  .requiredOption('--copy <id>', 'of the run it was restored for')
  .action(({ copy }: Options) => runCommand(() => connected((client) => markCopy(client, copy))));
command('run', 'mask the copy in DATABASE_URL with the key in MASK_KEY')
  .requiredOption('--copy <id>', 'as it was marked')
  .option('--json', 'print what was masked as JSON')
  .action((options: Options) => runCommand(() => run(options)));

await program.parseAsync();

import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type MigrationLevel, migrationName, NAME_FORM } from '../../delivery/migrations/migration-name';
import type { Release, SchemaLevel } from '../../lib/model/release';
import { readText } from '../files';
import { provenance } from './provenance';

export interface RecordOptions {
  readonly release: string;
  /** Of the source, 40 hexadecimal digits. */
  readonly commit: string;
  /** Id of the run that built it. */
  readonly build: string;
  /** Folder with `<image>.ref` (`<repository>@sha256:…`), `expected.json`, `before` (files of the release before) and `base`. */
  readonly work: string;
  readonly record: string;
  readonly migrations: string;
}

const AGAIN = 'run the build again';

/** Write down what a build made: the release, the migrations it ships, and where everything came from. */
export function writeRecord(options: RecordOptions): void {
  const { work, record, migrations } = options;
  const names = namesIn(readdirSync(migrations));
  const before = namesIn(
    readText(join(work, 'before'), AGAIN)
      .split('\n')
      .map((path) => basename(path)),
  );
  const release = describeRelease(options, schemaOf(names, before));
  const put = (file: string, value: unknown) =>
    writeFileSync(join(record, file), `${JSON.stringify(value, undefined, 2)}\n`);
  put('release.json', release);
  put('migrations.json', names);
  put('provenance.json', provenance({ ...options, base: readText(join(work, 'base'), AGAIN).trim() }));
}

function describeRelease({ release: id, work }: RecordOptions, schema: SchemaLevel): Release {
  const refs = readdirSync(work).filter((file) => file.endsWith('.ref'));
  const digests = refs.map((file) => [file.replace(/\.ref$/, ''), digestIn(join(work, file))]);
  const expected = JSON.parse(readText(join(work, 'expected.json'), AGAIN)) as Release['expected'];
  return { id, gitTag: id, digests: Object.fromEntries(digests), schema, expected };
}

/** @throws Error in one line if the file names no digest */
function digestIn(file: string): string {
  const text = readText(file, AGAIN).trim();
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
  if (digest === undefined) throw new Error(`${file}: expected <repository>@sha256:<digest>, got ${text}; ${AGAIN}`);
  return digest;
}

function namesIn(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort();
}

const LEVELS: readonly MigrationLevel[] = ['expand', 'backfill', 'contract'];

/**
 * What a release does to the schema: the furthest of the migrations that the release before did not ship.
 *
 * @throws Error in one line if a migration does not say its level by its name
 */
export function schemaOf(names: readonly string[], before: readonly string[]): SchemaLevel {
  const news = names.filter((name) => !before.includes(name)).map(levelOf);
  const furthest = LEVELS.findLast((level) => news.includes(level));
  return { migration: furthest ?? 'none', version: names.at(-1) ?? '' };
}

function levelOf(name: string): MigrationLevel {
  const level = migrationName(name)?.level;
  if (level === undefined) throw new Error(`${name}.sql: expected ${NAME_FORM}, got ${name}.sql; rename it`);
  return level;
}

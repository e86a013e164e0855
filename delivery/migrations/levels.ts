import type { Release, SchemaLevel } from '../../lib/model/release';
import { migrationName } from './migration-name';

/** What decides whether a release's schema and the code that runs beside it can live together. */
export interface LevelFacts {
  readonly release: Pick<Release, 'id' | 'schema'>;
  /** Names of all migrations the release ships, without `.sql`. */
  readonly migrations: readonly string[];
  /**
   * Every release of which a task runs or may be started again. Where one goes back, also each release since: any of them may have
   * taken away what the old one needs.
   */
  readonly running: readonly Pick<Release, 'id' | 'schema'>[];
}

/**
 * Whether a release may change the schema as it says it will.
 *
 * A contract release takes away what older code used. Code is safe from it once it was written for everything that came before it:
 * between its own version and the release's there may be contract migrations alone. So a contract release is always a release of its
 * own, and code that a contract has passed by never comes back.
 *
 * @returns what speaks against it, each in one line; nothing if it may go on
 */
export function checkLevels({ release, migrations, running }: LevelFacts): readonly string[] {
  const order = [...migrations].sort();
  const own = problemsOfItsOwn(release, order);
  return own.length > 0 ? own : running.flatMap((other) => problemsBetween(release, other, order));
}

/**
 * A release that took away what older code used, and that a release would pass by on the way back.
 *
 * @param others every release that was ever opened
 */
export function contractSince({ schema }: Pick<Release, 'schema'>, others: readonly Release[]): Release | undefined {
  return others.findLast((other) => other.schema.migration === 'contract' && other.schema.version > schema.version);
}

const LEVELS = ['none', 'expand', 'backfill', 'contract'] as const satisfies readonly SchemaLevel['migration'][];

function problemsOfItsOwn({ id, schema }: LevelFacts['release'], order: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const newest = order.at(-1);
  if (!LEVELS.includes(schema.migration))
    problems.push(
      `${id}: schema.migration: expected one of ${LEVELS.join(', ')}, got ${JSON.stringify(schema.migration)}; name the level of its migrations`,
    );
  if (newest !== undefined && schema.version !== newest)
    problems.push(
      `${id}: schema.version: expected its newest migration, ${newest}, got ${schema.version}; build the release again`,
    );
  return problems;
}

function problemsBetween(
  { id, schema }: LevelFacts['release'],
  other: LevelFacts['release'],
  order: readonly string[],
): readonly string[] {
  const from = order.indexOf(other.schema.version);
  if (from === -1) return unknownTo(id, other, order);
  const news = order.slice(from + 1);
  const levels = new Set(news.map(levelOf));
  if (levels.has('contract') && levels.size > 1) return [needsOld(id, other, news)];
  const understated = [...levels].find((level) => LEVELS.indexOf(level) > LEVELS.indexOf(schema.migration));
  if (understated === undefined) return [];
  return [
    `${id}: schema.migration: expected "${understated}", got "${schema.migration}"; ${other.id} runs at ${other.schema.version}, and ${news.join(', ')} come after it`,
  ];
}

/** Code for a schema that the release has never heard of: only migrations that take nothing away may lie between. */
function unknownTo(
  id: string,
  { id: other, schema }: LevelFacts['release'],
  order: readonly string[],
): readonly string[] {
  const newest = order.at(-1) ?? 'nothing';
  const isNewer = schema.version > newest;
  if (isNewer && schema.migration !== 'contract') return [];
  return [
    `${id}: expected a release that knows ${schema.version}, which ${other} runs at, got one that ends with ${newest}; ` +
      (isNewer
        ? 'what it needs may be gone: build it anew on top'
        : 'ship every migration, also those applied long ago'),
  ];
}

function needsOld(id: string, other: LevelFacts['release'], news: readonly string[]): string {
  const contract = news.find((name) => levelOf(name) === 'contract');
  const missed = news.filter((name) => levelOf(name) !== 'contract');
  return (
    `${id}: ${contract}: expected every running release to know ${missed.join(', ')}, got ${other.id} at ${other.schema.version}, ` +
    'which needs the old schema; release the contract by itself, after a release that lives without what it drops'
  );
}

function levelOf(name: string): SchemaLevel['migration'] {
  return migrationName(name)?.level ?? 'contract';
}

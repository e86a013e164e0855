import type { SchemaLevel } from '../../lib/model/release';

export type MigrationLevel = Exclude<SchemaLevel['migration'], 'none'>;

/** What a migration file says of itself by its name. */
export interface MigrationName {
  /** Without `.sql`, e.g. `0007_expand_display_name`. What a database records, and what a release calls its schema version. */
  readonly name: string;
  readonly number: bigint;
  readonly level: MigrationLevel;
}

/** Four digits or more (a timestamp will do), the level, and what it is about. */
const NAME = /^(\d{4,})_(expand|backfill|contract)_([a-z0-9][a-z0-9_-]*)$/;

/** For people: the one form a name may have. */
export const NAME_FORM = 'NNNN_(expand|backfill|contract)_name.sql';

/**
 * @param path of a file below the folder: `0007_expand_x.sql`, or `0007_expand_x/migration.sql` as Prisma lays them out
 * @returns undefined if the name does not say the level
 */
export function migrationName(path: string): MigrationName | undefined {
  const name = path.replace(/\/migration\.sql$|\.sql$/, '');
  const [, number, level] = NAME.exec(name) ?? [];
  if (number === undefined) return undefined;
  return { name, number: BigInt(number), level: level as MigrationLevel };
}

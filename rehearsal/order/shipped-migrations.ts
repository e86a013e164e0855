import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFinding, lintMigrations, type MigrationFile } from '../../delivery/migrations/lint';
import { migrationName } from '../../delivery/migrations/migration-name';
import type { SchemaLevel } from '../../lib/model/release';

/** The migrations a release ships: those there were, and its own. */
export class ShippedMigrations {
  private constructor(
    readonly folder: string,
    private readonly own: readonly MigrationFile[],
  ) {}

  /**
   * @param before folder of those there were
   * @param folder is made, and holds all of them
   */
  static in(folder: string, before: string, own: readonly MigrationFile[] = []): ShippedMigrations {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(before)) copyFileSync(join(before, name), join(folder, name));
    for (const { path, sql } of own) writeFileSync(join(folder, path), sql);
    return new ShippedMigrations(folder, own);
  }

  /** As the build writes it into the release's record. */
  get level(): SchemaLevel {
    const migration = this.own.map(({ path }) => migrationName(path)?.level).find((level) => level !== undefined);
    return { migration: migration ?? 'none', version: this.names.at(-1)! };
  }

  get names(): readonly string[] {
    return this.files.map((file) => file.replace(/\.sql$/, ''));
  }

  /** What the build finds wrong in them, each in one line. */
  async findings(): Promise<readonly string[]> {
    const files = this.files.map((path) => ({ path, sql: readFileSync(join(this.folder, path), 'utf8') }));
    return (await lintMigrations(files)).map(describeFinding);
  }

  private get files(): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.sql'))
      .sort();
  }
}

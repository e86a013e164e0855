import type { RangeVar } from 'libpg-query';
import { nameOf } from './syntax';

export interface KnownColumn {
  readonly type: string;
  readonly notNull: boolean;
}

export interface KnownTable {
  readonly columns: Map<string, KnownColumn>;
  /** Checks that a column is not null, by the name of the constraint. */
  readonly notNullChecks: Map<string, { readonly column: string; readonly validated: boolean }>;
  readonly partitioned: boolean;
}

/** What the files so far tell of the schema. What it does not know it does not vouch for. */
export class KnownSchema {
  readonly tables = new Map<string, KnownTable>();
  /** Functions, views, types and the like, by kind and name. */
  readonly objects = new Set<string>();
  /** Tables that the file being read has made, and nobody else can have seen. */
  private readonly fresh = new Set<string>();
  private readonly temporary = new Set<string>();
  /** Tables on which the file being read holds a lock until its end. */
  readonly locked = new Set<string>();

  /** Columns that were given a value in every row that stood then, as `table.column`. */
  private readonly filled = new Set<string>();

  /** A file begins: what stands now is what a running release knows. */
  beginFile(): void {
    for (const seen of [this.fresh, this.temporary, this.locked]) seen.clear();
  }

  isFresh(table: RangeVar): boolean {
    return this.fresh.has(nameOf(table)) || this.isTemporary(table);
  }

  private isTemporary({ schemaname, relname = '' }: RangeVar): boolean {
    return !schemaname && this.temporary.has(relname);
  }

  create(table: RangeVar, known: KnownTable): void {
    if (table.relpersistence === 't') this.temporary.add(table.relname ?? '');
    else {
      this.fresh.add(nameOf(table));
      this.tables.set(nameOf(table), known);
    }
  }

  /** A table that may have been there: known from now on, but not new. */
  meet(table: RangeVar, known: KnownTable): void {
    if (!this.tables.has(nameOf(table))) this.tables.set(nameOf(table), known);
  }

  fill(table: RangeVar, column: string): void {
    this.filled.add(`${nameOf(table)}.${column}`);
  }

  isFilled(table: RangeVar, column: string): boolean {
    return this.filled.has(`${nameOf(table)}.${column}`);
  }

  rename(table: RangeVar, to: string): void {
    const from = nameOf(table);
    if (this.isTemporary(table)) {
      this.temporary.delete(table.relname ?? '');
      this.temporary.add(to);
      return;
    }
    if (this.fresh.delete(from)) this.fresh.add(to);
    const known = this.tables.get(from);
    if (known) this.tables.set(to, known);
    this.tables.delete(from);
  }

  /** A temporary table that goes uncovers the one it hid. */
  drop(table: RangeVar): void {
    if (this.isTemporary(table)) this.temporary.delete(table.relname ?? '');
    else {
      this.fresh.delete(nameOf(table));
      this.tables.delete(nameOf(table));
    }
  }

  /** Something other than a table is made in this file. */
  createObject(kind: string, name: string): void {
    this.objects.add(`${kind} ${name}`);
    this.fresh.add(`${kind} ${name}`);
  }

  isFreshObject(kind: string, name: string): boolean {
    return this.fresh.has(`${kind} ${name}`);
  }
}

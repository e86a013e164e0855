import type { LedgerStore } from './ports';

/** Files of a ledger numbered from 1, e.g. `system/turns/000001.json`: of any number of writers exactly one gets the next number. */
export class NumberedRow<T extends object> {
  constructor(
    private readonly store: LedgerStore,
    private readonly prefix: string,
  ) {}

  /** Every value, oldest first. */
  async all(): Promise<readonly T[]> {
    const values = await Promise.all((await this.store.list(this.prefix)).map((key) => this.read(key)));
    return values.filter((value) => value !== undefined);
  }

  async last(): Promise<T | undefined> {
    const key = (await this.store.list(this.prefix)).at(-1);
    return key === undefined ? undefined : this.read(key);
  }

  async count(): Promise<number> {
    return (await this.store.list(this.prefix)).length;
  }

  /** Write a value under its number. @returns false if somebody else took the number */
  put(number: number, value: T): Promise<boolean> {
    return this.store.putIfAbsent(`${this.prefix}${String(number).padStart(6, '0')}.json`, JSON.stringify(value));
  }

  /**
   * Add what those that stand call for.
   *
   * @param decide the value; asked again when somebody else added one meanwhile. What it throws is thrown
   */
  async append(decide: (standing: readonly T[]) => T): Promise<T> {
    for (;;) {
      const standing = await this.all();
      const value = decide(standing);
      if (await this.put(standing.length + 1, value)) return value;
    }
  }

  private async read(key: string): Promise<T | undefined> {
    const body = await this.store.get(key);
    return body === undefined ? undefined : (JSON.parse(body) as T);
  }
}

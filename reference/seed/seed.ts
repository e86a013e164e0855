import type { ClientBase } from 'pg';
import { hashPassword } from '../identity/passwords';

export interface SeedAccount {
  readonly name: string;
  readonly password: string;
  readonly role: 'user' | 'probe';
}

/** Create accounts that do not exist yet; those that do keep their password. */
export async function seed(client: ClientBase, accounts: readonly SeedAccount[]): Promise<void> {
  for (const { name, password, role } of accounts) {
    const sql = 'insert into accounts (name, password, role) values ($1, $2, $3) on conflict (name) do nothing';
    await client.query(sql, [name, await hashPassword(password), role]);
  }
}

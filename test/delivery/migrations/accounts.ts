import { type Finding, lintMigrations } from '../../../delivery/migrations/lint';

export const ACCOUNTS = {
  path: '0001_expand_accounts.sql',
  sql: `create table accounts (
    id bigint generated always as identity primary key,
    name varchar(30) not null,
    email text,
    price numeric(10, 2),
    age int
  );
  create type mood as enum ('glad', 'sad');
  create domain positive as int check (value > 0);
  create view names as select name from accounts;
  create function greet(text) returns text language sql immutable as $$ select 'hello ' || $1 $$;
  create table events (id bigint, at timestamptz) partition by range (at);`,
};

/** What is found in a migration that comes after {@link ACCOUNTS}. */
export async function lint(sql: string, level = 'expand'): Promise<readonly Finding[]> {
  return lintMigrations([ACCOUNTS, { path: `0002_${level}_change.sql`, sql }]);
}

export async function reasons(sql: string, level = 'expand'): Promise<readonly string[]> {
  return (await lint(sql, level)).map(({ reason }) => reason);
}

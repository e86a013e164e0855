import { describe, expect, test } from '@jest/globals';
import { describeFinding, lintMigrations } from '../../../delivery/migrations/lint';
import { ACCOUNTS, lint, reasons } from './accounts';

describe('a column becomes not null in steps', () => {
  const filling = {
    path: '0002_backfill_a.sql',
    sql: "update accounts set email = '' where id in (select id from accounts where email is null limit 1000)",
  };
  const check = {
    path: '0003_expand_b.sql',
    sql: 'alter table accounts add constraint e check (email is not null) not valid',
  };
  const validation = { path: '0004_expand_c.sql', sql: 'alter table accounts validate constraint e' };
  const step = { path: '0005_expand_d.sql', sql: 'alter table accounts alter column email set not null' };

  test('after a backfill and a validated check', async () => {
    expect(await lintMigrations([ACCOUNTS, filling, check, validation, step])).toEqual([]);
  });

  test('not by a check before the backfill, which old code trips over when it updates such a row', async () => {
    expect((await lintMigrations([ACCOUNTS, check])).map(describeFinding)).toEqual([
      '0003_expand_b.sql:1: alter table accounts add constraint e check (email is not null) not val…: expected a column that a backfill has filled before, got email demanded of old rows; set a default, fill old rows in a backfill migration, and add the constraint in a file after it',
    ]);
  });

  test('without a backfill where the column came with a default', async () => {
    const column = {
      ...filling,
      path: '0002_expand_a.sql',
      sql: "alter table accounts add column hue text default 'red'",
    };
    const ofHue = { ...check, sql: 'alter table accounts add constraint e check (hue is not null) not valid' };
    expect(await lintMigrations([ACCOUNTS, column, ofHue])).toEqual([]);
  });

  test('not after a check that was never validated', async () => {
    expect(await lintMigrations([ACCOUNTS, filling, check, step])).toMatchObject([
      { file: step.path, reason: 'breaks' },
    ]);
  });

  test('also of a table that stood before the first file', async () => {
    expect(await lintMigrations([filling, check, validation, step])).toEqual([]);
  });

  test("by PostgreSQL 18's own constraint", async () => {
    const own = { ...check, sql: 'alter table accounts add constraint e not null email not valid' };
    expect(await lintMigrations([ACCOUNTS, filling, own, validation, step])).toEqual([]);
  });
});

describe('a backfill', () => {
  test.each([
    [
      'an update of picked rows',
      'update accounts set age = 0 where id in (select id from accounts where age is null limit 1000)',
    ],
    [
      'the same as an array',
      'update accounts a set age = 0 where a.ctid = any (array(select ctid from accounts where age is null limit 500))',
    ],
    [
      'a join with a batch',
      'with batch as (select id from accounts where age is null limit 1000 for update skip locked) update accounts a set age = 0 from batch b where a.id = b.id',
    ],
    [
      'a selection from a batch',
      'with batch as (select id from accounts where age is null limit 1000) delete from accounts where id in (select id from batch)',
    ],
    [
      'an insert of what is missing',
      'insert into copies (id) select id from accounts a where not exists (select 1 from copies c where c.id = a.id) limit 1000 on conflict do nothing',
    ],
  ])('may be %s', async (_, sql) => {
    expect((await lint(sql, 'backfill')).map(describeFinding)).toEqual([]);
  });

  test.each([
    ['all rows', 'locks', 'update accounts set age = 0'],
    ['all rows that match', 'locks', 'update accounts set age = 0 where age is null'],
    ['too many at once', 'locks', 'update accounts set age = 0 where id in (select id from accounts limit 1000000)'],
    [
      'as many as a parameter says',
      'locks',
      'update accounts set age = 0 where id in (select id from accounts limit greatest(1, 2))',
    ],
    ['all but a few', 'locks', 'delete from accounts where id not in (select id from accounts limit 10)'],
    ['a few or all', 'locks', 'delete from accounts where age > 1 or id in (select id from accounts limit 10)'],
    [
      'a selection made anew for each row',
      'locks',
      'update accounts a set age = 0 where id in (select c.id from copies c where c.id = a.id limit 10)',
    ],
    [
      'a batch that nothing is joined with',
      'locks',
      'with batch as (select id from accounts limit 10) delete from accounts where age > 1',
    ],
    [
      'ties',
      'locks',
      'delete from accounts where id in (select id from accounts order by age fetch first 10 rows with ties)',
    ],
    ['an endless insert', 'misplaced', 'insert into copies select id from accounts where age > 1 limit 10'],
    [
      'two statements',
      'misplaced',
      'delete from a where id in (select id from a limit 1); delete from b where id in (select id from b limit 1)',
    ],
    ['a change of the schema', 'misplaced', 'alter table accounts add column x int'],
    [
      'a change within a change',
      'misplaced',
      'with gone as (delete from copies returning id) delete from accounts where id in (select id from accounts limit 1)',
    ],
    ['a loop that commits', 'misplaced', 'do $$ begin commit; end $$'],
    ['a call', 'unreadable', 'update accounts set age = purge() where id in (select id from accounts limit 10)'],
  ])('may not be %s', async (_, reason, sql) => {
    expect(await reasons(sql, 'backfill')).toContain(reason);
  });
});

describe('a contract migration', () => {
  test.each([
    'drop table accounts cascade',
    'alter table accounts drop column email, alter column name set not null, alter column age type bigint',
    'alter table accounts rename column name to title',
    'truncate accounts',
    'delete from accounts',
    'drop index concurrently accounts_email',
    'drop type mood; drop view names; drop function greet(text)',
  ])('may break what nobody uses any more: %s', async (sql) => {
    expect((await lint(sql, 'contract')).map(describeFinding)).toEqual([]);
  });

  test.each([
    ['keep everybody waiting', 'locks', 'create index on accounts (email)'],
    ['hide what it does', 'unreadable', `do $$ begin execute 'drop table ' || 'accounts'; end $$`],
    ['leave its transaction', 'misplaced', 'drop table accounts; commit'],
  ])('may not %s', async (_, reason, sql) => {
    expect(await reasons(sql, 'contract')).toEqual([reason]);
  });
});

describe('a finding', () => {
  test('says where, what, what is allowed, and how to mend it; and all of them are told at once', async () => {
    const sql = `-- é: two things at once
alter table accounts
  add column nickname text not null,
  drop column email; /* drop type mood; */
  create index on accounts (age);`;
    expect((await lint(sql)).map(describeFinding)).toEqual([
      '0002_expand_change.sql:3: alter table accounts add column nickname text not null, drop column ema…: expected a default, or null allowed, got nickname not null without a default; give it a default: the running release does not know the column and inserts rows without it',
      '0002_expand_change.sql:2: alter table accounts add column nickname text not null, drop column ema…: expected what the running release may use to stay, got drop of column email; drop it in a contract migration, a release of its own',
      '0002_expand_change.sql:5: create index on accounts (age): expected "concurrently" on a table that is in use, got an index that keeps writes to accounts waiting; write "create index concurrently", alone in its file',
    ]);
  });

  test('tells where text cannot be parsed', async () => {
    expect((await lint('-- ok\nselect 1;\ndrop tabel x;')).map(describeFinding)).toEqual([
      '0002_expand_change.sql:3: file: expected SQL that PostgreSQL can parse, got syntax error at or near "tabel"; mend it',
    ]);
  });

  test('asks for a name that tells the level, and for numbers that grow', async () => {
    const files = [{ path: '3_x.sql', sql: 'drop table a' }, { path: '0001_contract_b.sql', sql: '' }, ACCOUNTS];
    expect((await lintMigrations(files)).map(describeFinding)).toEqual([
      '0001_expand_accounts.sql:1: name: expected a number above that of 0001_contract_b, got 0001_expand_accounts.sql; give it the next free number',
      '3_x.sql:1: name: expected NNNN_(expand|backfill|contract)_name.sql, got 3_x.sql; rename it, so that its name says what it may do',
      '3_x.sql:1: drop table a: expected what the running release may use to stay, got drop of table a; drop it in a contract migration, a release of its own',
    ]);
  });

  test("is given for Prisma's layout by its folder", async () => {
    const files = [{ path: '20260301_expand_x/migration.sql', sql: 'drop table a' }];
    expect(await lintMigrations(files)).toMatchObject([{ file: '20260301_expand_x/migration.sql', line: 1 }]);
  });
});

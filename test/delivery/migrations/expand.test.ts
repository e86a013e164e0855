import { describe, expect, test } from '@jest/globals';
import { describeFinding } from '../../../delivery/migrations/lint';
import { lint, reasons } from './accounts';

describe('an expand migration may', () => {
  test.each([
    ['create a table', 'create table notes (id uuid primary key, account bigint not null references accounts (id))'],
    [
      'index a table of its own',
      'create table notes (id int); create index on notes (id); create unique index on notes (id)',
    ],
    [
      'do to a table of its own what it likes',
      'create table a (x int); alter table a add column y int not null, drop column x; alter table a rename to b; update b set y = 1; truncate b; drop table b',
    ],
    ['do so to a temporary table of that name', 'create temp table accounts (x int); drop table accounts'],
    ['add a column', 'alter table accounts add column nickname text'],
    [
      'add a column with a steady default',
      `alter table accounts add column a timestamptz not null default now(), add column b text default lower('X')`,
    ],
    ['add a virtual column', 'alter table accounts add column twice int generated always as (age * 2) virtual'],
    [
      'add a column that refers to another table',
      'alter table accounts add column boss bigint references accounts (id)',
    ],
    ['add a constraint for new rows', 'alter table accounts add constraint old check (age > 17) not valid'],
    [
      'add a foreign key for new rows',
      'alter table accounts add constraint f foreign key (age) references accounts (id) not valid',
    ],
    ['validate a constraint', 'alter table accounts validate constraint old'],
    ['make an index a constraint', 'alter table accounts add constraint u unique using index i'],
    ['allow null', 'alter table accounts alter column name drop not null'],
    [
      'set a default for new rows, random too',
      'alter table accounts alter column email set default gen_random_uuid()::text',
    ],
    [
      'widen a column',
      'alter table accounts alter column name type varchar(60); alter table accounts alter column name type text; alter table accounts alter price type numeric(12, 2)',
    ],
    ['build an index beside the traffic', 'create index concurrently accounts_email on accounts (email)'],
    ['rebuild one so', 'reindex index concurrently accounts_email'],
    ['index a partitioned table alone', 'create index events_at on only events (at)'],
    [
      'attach a partition of its own',
      `create table e1 (id bigint, at timestamptz); alter table events attach partition e1 for values from ('2026-01-01') to ('2027-01-01')`,
    ],
    [
      'create types, functions, views and triggers',
      `create type size as enum ('s', 'm'); create view emails as select email from accounts; create function touch() returns trigger language plpgsql as $$ begin new.age := 1; return new; end $$; create trigger touched before update on accounts for each row execute function touch()`,
    ],
    [
      'replace what it created itself',
      'create view v as select 1 as a; create or replace view v as select 1 as a, 2 as b',
    ],
    ['add a value to a type', `alter type mood add value if not exists 'calm'`],
    [
      'grant and comment',
      `grant select on accounts to public; comment on table accounts is 'drop table accounts; -- people'`,
    ],
    ['add rows that it names', `insert into accounts (name) values ('probe') on conflict do nothing`],
    ['set its own patience', `set local lock_timeout = '2s'; set statement_timeout = '1h'`],
    [
      'speak of what it does not do',
      `-- drop table accounts;\n/* truncate /* accounts */ ; */ create table x (note text default 'drop table accounts;')`,
    ],
    [
      'define a function whose body does',
      `create function purge() returns void language plpgsql as $body$ begin drop table accounts; execute 'x'; end $body$`,
    ],
    [
      'decide in a block that can be read',
      `do $$ begin if not exists (select 1 from pg_type where typname = 'hue') then create type hue as enum ('red'); end if; end $$`,
    ],
    ['be empty', '-- nothing yet\n'],
  ])('%s', async (_, sql) => {
    expect((await lint(sql)).map(describeFinding)).toEqual([]);
  });
});

describe('an expand migration may not', () => {
  test.each([
    ['drop a table', 'breaks', 'drop table accounts'],
    ['drop one under its full name', 'breaks', 'create temp table accounts (x int); drop table public.accounts'],
    ['drop a column', 'breaks', 'alter table accounts drop column email'],
    ['drop a type', 'breaks', 'drop type mood'],
    ['drop an index', 'breaks', 'drop index concurrently accounts_email'],
    ['drop a constraint', 'breaks', 'alter table accounts drop constraint old'],
    ['drop a default', 'breaks', 'alter table accounts alter column name drop default'],
    ['drop a schema', 'breaks', 'drop schema if exists public cascade'],
    ['rename a table', 'breaks', 'alter table accounts rename to people'],
    ['rename a column', 'breaks', 'alter table accounts rename column name to title'],
    ['rename a value of a type', 'breaks', `alter type mood rename value 'sad' to 'low'`],
    ['move a table', 'breaks', 'alter table accounts set schema archive'],
    ['change a type', 'breaks', 'alter table accounts alter column age type bigint'],
    ['narrow a type', 'breaks', 'alter table accounts alter column name type varchar(20)'],
    ['widen by computing', 'breaks', 'alter table accounts alter column name type text using upper(name)'],
    ['change a type it knows nothing of', 'breaks', 'alter table strangers alter column name type text'],
    ['demand a value of old rows', 'breaks', 'alter table accounts alter column email set not null'],
    ['add a column that old inserts leave out', 'breaks', 'alter table accounts add column nickname text not null'],
    ['read every row for a check', 'locks', 'alter table accounts add constraint old check (age > 17)'],
    [
      'read every row for a foreign key',
      'locks',
      'alter table accounts add foreign key (age) references accounts (id)',
    ],
    ['read every row for an inline check', 'locks', 'alter table accounts add column size int check (size > 0)'],
    ['add a column of a checked domain', 'locks', 'alter table accounts add column size positive'],
    ['build an index for a constraint', 'locks', 'alter table accounts add unique (email)'],
    ['build one for a column', 'locks', 'alter table accounts add column code text unique'],
    ['number old rows', 'locks', 'alter table accounts add column number bigserial'],
    ['give old rows an identity', 'locks', 'alter table accounts add column number int generated always as identity'],
    [
      'compute a stored column',
      'locks',
      'alter table accounts add column twice int generated always as (age * 2) stored',
    ],
    ['compute a default for each row', 'locks', 'alter table accounts add column token uuid default gen_random_uuid()'],
    ['call its own function for each row', 'locks', `alter table accounts add column hello text default greet('you')`],
    ['build an index under a lock', 'locks', 'create unique index on accounts (email)'],
    [
      'validate under the lock of the same file',
      'locks',
      'alter table accounts add constraint old check (age > 17) not valid; alter table accounts validate constraint old',
    ],
    [
      'validate under the lock of the same statement',
      'locks',
      'alter table accounts add constraint old check (age > 17) not valid, validate constraint old',
    ],
    ['lock', 'locks', 'lock table accounts'],
    ['lock rows', 'locks', 'select id from accounts for update'],
    [
      'hide a table behind a temporary one',
      'breaks',
      'create temp table accounts (x int); drop table accounts; drop table accounts',
    ],
    [
      'or rename that one away',
      'breaks',
      'create temp table accounts (x int); alter table accounts rename to other; drop table accounts',
    ],
    ['index a partitioned table beside the traffic', 'misplaced', 'create index concurrently on events (at)'],
    ['wait without end', 'locks', 'set lock_timeout = 0'],
    ['wait for an hour', 'locks', `set lock_timeout to '1h'`],
    ['rewrite a table', 'locks', 'vacuum full accounts'],
    ['cluster', 'locks', 'cluster accounts using accounts_pkey'],
    ['rebuild an index under a lock', 'locks', 'reindex table accounts'],
    ['copy a table', 'locks', 'create table copy as select * from accounts'],
    ['select into one', 'locks', 'select * into copy from accounts'],
    ['copy rows', 'locks', 'create table copy (name text); insert into copy select name from accounts'],
    [
      'attach a table in use',
      'locks',
      `alter table events attach partition archive for values from ('2026-01-01') to ('2027-01-01')`,
    ],
    [
      'partition a table in use',
      'locks',
      `create table e1 partition of events for values from ('2026-01-01') to ('2027-01-01')`,
    ],
    ['truncate', 'breaks', 'truncate accounts restart identity cascade'],
    ['delete everything', 'breaks', 'delete from accounts'],
    ['delete something', 'breaks', 'delete from accounts where age < 18'],
    ['update', 'breaks', 'update only accounts set age = 1 where age is null'],
    ['overwrite', 'breaks', `insert into accounts (name) values ('x') on conflict (id) do update set name = 'y'`],
    ['merge', 'breaks', 'merge into accounts a using (values (1)) v (id) on a.id = v.id when matched then delete'],
    [
      'delete in a common table expression',
      'breaks',
      'with gone as (delete from accounts returning *) select count(*) from gone',
    ],
    [
      'delete while it inserts',
      'breaks',
      'create table t (n text); with gone as (delete from accounts returning name) insert into t select name from gone',
    ],
    ['replace a view in use', 'breaks', 'create or replace view names as select email as name from accounts'],
    [
      'replace a function in use',
      'breaks',
      `create or replace function greet(text) returns text language sql as $$ select 'bye' $$`,
    ],
    ['rewrite queries', 'breaks', 'create rule r as on insert to accounts do instead nothing'],
    ['hide rows', 'breaks', 'alter table accounts enable row level security'],
    ['revoke', 'breaks', 'revoke select on accounts from public'],
    ['change an owner', 'breaks', 'alter table accounts owner to somebody'],
    ['run text', 'unreadable', `do $$ begin execute 'drop table accounts'; end $$`],
    [
      'run text in a loop',
      'unreadable',
      `do $$ declare r record; begin for r in execute 'select 1' loop null; end loop; end $$`,
    ],
    [
      'run text with another language',
      'unreadable',
      `do language plpython3u $$ plpy.execute('drop table accounts') $$`,
    ],
    ['call a function', 'unreadable', 'select purge_everything()'],
    ['call one in a block', 'unreadable', 'do $$ begin perform purge_everything(); end $$'],
    ['call one in an assignment', 'unreadable', 'do $$ declare n int; begin n := purge_everything(); end $$'],
    ['call one for a row', 'unreadable', `insert into accounts (name) values (dblink_exec('drop table accounts'))`],
    ['call a procedure', 'unreadable', 'call purge()'],
    ['run what it prepared', 'unreadable', 'execute purge'],
    ['run what it explains', 'unreadable', 'explain analyze delete from accounts'],
    ['read names anew', 'unreadable', 'set search_path = other'],
    ['switch off foreign keys', 'unreadable', 'set session_replication_role = replica'],
    ['commit', 'misplaced', 'commit'],
    ['drop a database', 'misplaced', 'drop database coach'],
    ['vacuum', 'misplaced', 'vacuum accounts'],
  ])('%s', async (_, reason, sql) => {
    expect(await reasons(sql)).toContain(reason);
  });

  test('build an index beside the traffic within a transaction', async () => {
    const sql = 'create table t (x int); create index concurrently i on accounts (email)';
    expect(await reasons(sql)).toEqual(['misplaced']);
  });

  test('trust a table that may have been there', async () => {
    expect(await reasons('create table if not exists t (x int); create index on t (x)')).toEqual(['locks']);
  });

  test('read a block only as far as its first statement', async () => {
    const sql =
      'do $$ begin create table t (x int); begin drop table accounts; exception when others then null; end; end $$';
    expect(await reasons(sql)).toEqual(['breaks']);
  });
});

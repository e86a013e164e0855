import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { lintMigrations } from '../../../delivery/migrations/lint';
import { migrate } from '../../../reference/migrate/migrate';
import { RealDatabase } from './real-database';

let database: RealDatabase;

beforeAll(async () => {
  database = await RealDatabase.start();
}, 60_000);

afterAll(() => database.stop(), 30_000);

const BEFORE = '0001_expand_accounts';
const FIRST = {
  [BEFORE]: `create table accounts (id int generated always as identity primary key, name varchar(30) not null);
    insert into accounts (name) select 'user ' || n from generate_series(1, 2500) n;`,
};

const NEWS = {
  '0002_expand_full_name': `alter table accounts add column full_name text, add column seen_at timestamptz not null default now();
    alter table accounts alter column name type varchar(60);
    alter table accounts alter column full_name set default 'nobody';
    create table notes (account int references accounts (id), text text);
    create index on notes (account);`,
  '0003_backfill_full_name': `update accounts set full_name = name
    where id in (select id from accounts where full_name is null limit 1000)`,
  '0004_expand_name_index': 'create index concurrently accounts_full_name on accounts (full_name)',
  '0005_expand_has_full_name':
    'alter table accounts add constraint has_full_name check (full_name is not null) not valid',
  '0006_expand_validate': 'alter table accounts validate constraint has_full_name',
  '0007_expand_not_null': 'alter table accounts alter column full_name set not null',
};

/** What the release still running does all the time; `set lock_timeout` makes a lock that is held for long a failure. */
class OldCode {
  private ended = false;
  requests = 0;
  readonly running: Promise<void>;

  constructor(private readonly client: Client) {
    this.running = this.goOn();
  }

  stop(): Promise<void> {
    this.ended = true;
    return this.running;
  }

  private async goOn(): Promise<void> {
    await this.client.query(`set lock_timeout = '2s'`);
    while (!this.ended) {
      await this.client.query('insert into accounts (name) values ($1)', [`new ${this.requests}`]);
      await this.client.query('update accounts set name = name where id = $1', [1 + (this.requests % 2000)]);
      await this.client.query('select id, name from accounts order by id desc limit 5');
      this.requests += 1;
    }
  }
}

async function linted(folder: string) {
  const paths = readdirSync(folder);
  return lintMigrations(paths.map((path) => ({ path, sql: readFileSync(join(folder, path), 'utf8') })));
}

describe('on a real PostgreSQL', () => {
  test('an expand and its backfill are applied while the old code goes on, and every row is filled', async () => {
    const url = await database.empty();
    const client = await database.connect(url);
    await migrate(client, database.folder(FIRST));
    const old = new OldCode(await database.connect(url));

    const folder = database.folder({ ...FIRST, ...NEWS });
    expect(await linted(folder)).toEqual([]);
    const applied = await migrate(client, folder);
    await old.stop();

    expect(applied).toEqual(Object.keys(NEWS).map((name) => `${name}.sql`));
    expect(old.requests).toBeGreaterThan(0);
    const { rows } = await client.query('select count(*) filter (where full_name is null)::int as empty from accounts');
    expect(rows).toEqual([{ empty: 0 }]);
  }, 30_000);

  test('a breaking one is refused before it runs, and would have broken the old code', async () => {
    const url = await database.empty();
    const client = await database.connect(url);
    await migrate(client, database.folder(FIRST));
    const breaking = { ...FIRST, '0002_expand_rename': 'alter table accounts rename column name to full_name' };

    const findings = await linted(database.folder(breaking));
    expect(findings).toMatchObject([
      { file: '0002_expand_rename.sql', line: 1, got: 'rename of column name of accounts' },
    ]);
    await client.query('select name from accounts limit 1');

    await migrate(client, database.folder(breaking));
    await expect(client.query('select name from accounts limit 1')).rejects.toThrow('column "name" does not exist');
  }, 30_000);

  test('an index whose building was cut short is built again', async () => {
    const client = await database.connect(await database.empty());
    await migrate(client, database.folder(FIRST));
    await client.query('insert into accounts (name) values ($1), ($1)', ['twin']);
    const index = { ...FIRST, '0002_expand_index': 'create unique index concurrently u on accounts (name)' };

    await expect(migrate(client, database.folder(index))).rejects.toThrow(
      '0002_expand_index.sql: could not create unique index "u"',
    );
    await client.query('delete from accounts where name = $1', ['twin']);
    await migrate(client, database.folder(index));

    const { rows } = await client.query(`select indisvalid from pg_index where indexrelid = 'u'::regclass`);
    expect(rows).toEqual([{ indisvalid: true }]);
  }, 30_000);

  test('an index that stands but was never recorded is recorded', async () => {
    const client = await database.connect(await database.empty());
    await migrate(client, database.folder(FIRST));
    await client.query('create index u on accounts (name)');
    const index = { ...FIRST, '0002_expand_index': 'create index concurrently u on accounts (name)' };

    expect(await migrate(client, database.folder(index))).toEqual(['0002_expand_index.sql']);
  }, 30_000);

  test('of a file that fails nothing stays', async () => {
    const client = await database.connect(await database.empty());
    await migrate(client, database.folder(FIRST));
    const half = { ...FIRST, '0002_expand_half': 'create table half (x int); insert into half values (1 / 0)' };

    await expect(migrate(client, database.folder(half))).rejects.toThrow('0002_expand_half.sql: division by zero');
    expect((await client.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
  }, 30_000);
});

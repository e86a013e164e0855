import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { DATABASE_ROLES, type DatabaseRole, rolesSql } from '../../lib/constructs/database-roles';
import { migrate } from '../../reference/migrate/migrate';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';
import type { Store } from '../../rehearsal/stores/store';

const PASSWORD = 'a-password-of-this-test';
const SQL = rolesSql();

let run: RunFolder;
let postgres: Store;

/** As RDS gives it: a master user who may make roles and owns the database, and is no superuser. */
beforeAll(async () => {
  // Roles are of a whole server.
  delete process.env.DATABASE_URL;
  run = await RunFolder.create();
  postgres = await startPostgres(process.cwd(), run);
  await makeRole('master', `login createrole password '${PASSWORD}'`);
  await as('superuser', `do $$ begin execute format('alter database %I owner to master', current_database()); end $$`);
  await makeRole('rds_iam', '');
  await as('superuser', 'grant rds_iam to master with admin option');
}, 60_000);

afterAll(async () => {
  await postgres?.stop();
  await run?.remove();
}, 30_000);

async function connect(role: string): Promise<Client> {
  const url = new URL(postgres.url);
  if (role !== 'superuser') Object.assign(url, { username: role, password: PASSWORD });
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** Run SQL as somebody. @returns the rows, or the refusal */
async function as(role: string, sql: string): Promise<unknown> {
  const client = await connect(role);
  try {
    const result = await client.query(sql);
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
}

/** Roles belong to a whole server, which may be one that an earlier run has used. */
async function makeRole(role: string, rights: string): Promise<void> {
  await as('superuser', `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`);
  if (rights) await as('superuser', `alter role ${role} ${rights}`);
}

function refused(role: DatabaseRole, sql: string): Promise<string> {
  return as(role, sql).then(
    () => 'allowed',
    (error: Error) => error.message,
  );
}

async function migrateAs(role: DatabaseRole): Promise<readonly string[]> {
  const client = await connect(role);
  try {
    return await migrate(client, 'reference/migrations');
  } finally {
    await client.end();
  }
}

const EVENT = `insert into outbox (event_id, account, release, payload)
  values (gen_random_uuid(), 'probe', 'v1', '{"type":"reflected"}')`;

test('the master makes the roles, the migrator the tables, and doing it all again changes nothing', async () => {
  await as('master', SQL);
  // they come with a token and have no password: give them one, so that this test can be them
  for (const role of DATABASE_ROLES) await as('superuser', `alter role ${role} password '${PASSWORD}'`);
  expect(await migrateAs('migrator')).toHaveLength(3);

  await as('master', SQL);
  expect(await migrateAs('migrator')).toEqual([]);
}, 30_000);

test('every role may sign in with a token', async () => {
  const rows = (await as(
    'superuser',
    `select m.rolname as role from pg_auth_members a join pg_roles m on m.oid = a.member
      join pg_roles g on g.oid = a.roleid where g.rolname = 'rds_iam' and m.rolname <> 'master' and m.rolcanlogin`,
  )) as { role: string }[];

  expect(rows.map(({ role }) => role).sort()).toEqual([...DATABASE_ROLES].sort());
});

describe('the application', () => {
  test('reads and writes, also through identity columns', async () => {
    await as('app_rw', `insert into accounts (name, password) values ('ana', 'x')`);
    await as('app_rw', EVENT);

    expect(await as('app_rw', 'select name from accounts')).toEqual([{ name: 'ana' }]);
    await as('app_rw', 'delete from outbox');
  });

  test.each([
    ['a table', 'create table mine (id int)'],
    ['a column', 'alter table accounts add column age int'],
    ['a table’s end', 'drop table audit_log'],
    ['a role', 'create role friend'],
    ['a table emptied at once', 'truncate accounts'],
  ])('may not make %s', async (_, sql) => {
    expect(await refused('app_rw', sql)).toMatch(/permission denied|must be owner/);
  });

  test('sees tables that a later migration makes', async () => {
    await as('migrator', 'create table later (id int generated always as identity, name text)');

    await as('app_rw', `insert into later (name) values ('x')`);
    expect(await as('app_ro', 'select name from later')).toEqual([{ name: 'x' }]);
    expect(await refused('probe', 'select * from later')).toContain('permission denied');
  });
});

describe.each(['app_ro', 'backup_verify'] as const)('%s', (role) => {
  test('reads every table and changes none', async () => {
    expect(await as(role, 'select name from accounts')).toEqual([{ name: 'ana' }]);
    for (const sql of [`update accounts set name = 'bo'`, 'delete from accounts', EVENT, 'create table t (id int)'])
      expect(await refused(role, sql)).toContain('permission denied');
  });
});

describe('the probe', () => {
  test('adds a row to the outbox, and can do nothing else', async () => {
    await as('probe', EVENT);

    for (const sql of [
      'select * from outbox',
      'delete from outbox',
      'select * from accounts',
      'create table t (id int)',
    ])
      expect(await refused('probe', sql)).toContain('permission denied');
  });
});

test('nobody else may enter the schema', async () => {
  await makeRole('stranger', `login password '${PASSWORD}'`);

  await expect(as('stranger', 'select * from public.accounts')).rejects.toThrow('permission denied for schema public');
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { failedClaims } from '../../../lambda/recovery/check-restore';
import { checksOf } from '../../../lib/model/restore-config';
import { migrate } from '../../../reference/migrate/migrate';
import { coach } from '../../../systems/coach';
import { RealDatabase } from '../../delivery/migrations/real-database';

const CHECKS = checksOf(coach.stores.db);

let server: RealDatabase;

beforeAll(async () => {
  server = await RealDatabase.start();
}, 60_000);

afterAll(() => server?.stop(), 30_000);

async function restored(...rows: readonly string[]): Promise<Client> {
  const client = await server.connect(await server.empty());
  await migrate(client, 'reference/migrations');
  for (const sql of rows) await client.query(sql);
  return client;
}

const ACCOUNT = "insert into accounts (name, password) values ('ann', 'x')";
const event = (age: string) =>
  `insert into outbox (event_id, account, release, payload, created_at)
   values (gen_random_uuid(), 'ann', 'v1', '{}', now() - interval '${age}')`;

test('a database with everything in it that coach asks for is whole', async () => {
  expect(await failedClaims(await restored(ACCOUNT, event('1 hour')), CHECKS)).toEqual([]);
});

test('one from the day before yesterday is not', async () => {
  expect(await failedClaims(await restored(ACCOUNT, event('2 days')), CHECKS)).toEqual([
    'the newest event is of the last day: expected true, got false',
  ]);
});

test('one that lost rows others lead to is not', async () => {
  const reflection = "insert into reflections (id, account, text) values (gen_random_uuid(), 'ann', 'x')";
  const loss = 'alter table reflections drop constraint reflections_account_fkey; delete from accounts';

  expect(await failedClaims(await restored(ACCOUNT, event('1 hour'), reflection, loss), CHECKS)).toEqual([
    'accounts are there: expected true, got false',
    'every reflection has its account: expected true, got false',
  ]);
});

test('an empty one fails every claim, each by itself', async () => {
  const client = await server.connect(await server.empty());

  expect(await failedClaims(client, CHECKS)).toEqual([
    'accounts are there: relation "accounts" does not exist',
    'the newest event is of the last day: relation "outbox" does not exist',
    'every reflection has its account: relation "reflections" does not exist',
    'the schema says which migrations made it: relation "schema_migrations" does not exist',
  ]);
});

test('a check changes nothing, and one that answers nothing has not held', async () => {
  const client = await restored(ACCOUNT);

  expect(
    await failedClaims(client, {
      'it looks': 'delete from accounts returning true',
      'it answers': 'select true where false',
    }),
  ).toEqual(['it looks: cannot execute DELETE in a read-only transaction', 'it answers: expected true, got null']);
  expect((await client.query('select count(*)::int from accounts')).rows).toEqual([{ count: 1 }]);
});

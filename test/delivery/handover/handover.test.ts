import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { handOut } from '../../../delivery/handover/hand-out';
import type { Incoming } from '../../../delivery/handover/handover';
import { maskAndHandOut } from '../../../delivery/handover/masked-copy';
import { takeIn } from '../../../delivery/handover/take-in';
import { markCopy, maskCopy } from '../../../delivery/masking/mask';
import { rolesSql } from '../../../lib/constructs/database-roles';
import type { MaskedColumns } from '../../../lib/model/delivery';
import { migrate } from '../../../reference/migrate/migrate';
import { COACH_MASKED } from '../../../systems/coach-masked';
import { RealDatabase } from '../migrations/real-database';
import { PEOPLE_MASKED, PRODUCTION, STAGING } from './people';
import { COPY, Shelf } from './shelf';

const KEY = Buffer.from('a key of at least thirty-two bytes, for tests');

let database: RealDatabase;

beforeAll(async () => {
  // Roles are of a whole server.
  delete process.env.DATABASE_URL;
  database = await RealDatabase.start();
}, 60_000);

afterAll(() => database.stop(), 30_000);

const connected = async (sql: string) => {
  const client = await database.connect(await database.empty());
  await client.query(sql);
  return client;
};

async function handedOut(production: Client, columns: MaskedColumns): Promise<Shelf> {
  const shelf = new Shelf();
  await maskAndHandOut(production, { copy: COPY, columns, parcels: shelf });
  return shelf;
}

function takenIn(staging: Client, parcels: Incoming, columns: MaskedColumns) {
  return takeIn(staging, { key: `${COPY}/manifest.json`, parcels, columns, stays: ['schema_migrations'] });
}

const all = async (client: Client, sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows;

describe('what was masked', () => {
  test('takes the place of what was there, keys and all, and sequences go on after it', async () => {
    const shelf = await handedOut(await connected(PRODUCTION), PEOPLE_MASKED);
    const staging = await connected(STAGING);

    const taken = await takenIn(staging, shelf, PEOPLE_MASKED);

    expect(taken).toEqual({ copy: COPY, rows: { people: 500, visits: 5000 }, left: [] });
    expect(await all(staging, 'select count(*)::int, count(boss)::int from people')).toEqual([[500, 499]]);
    // In full: with a key made anew each time, some mask begins like an original.
    const originals = ['Tess Ting', ...Array.from({ length: 500 }, (_, i) => `Somebody ${i + 1}`)];
    const { rows } = await staging.query('select name from people where name = any($1)', [originals]);
    expect(rows).toEqual([]);
    expect(await all(staging, 'select name from schema_migrations')).toEqual([['of staging']]);
    await staging.query("insert into people (name) values ('next')");
    await staging.query('insert into visits (person) values (501)');
    expect(await all(staging, 'select (select max(id) from people)::int, (select max(id) from visits)::int')).toEqual([
      [501, 5001],
    ]);
    await expect(staging.query('insert into visits (person) values (999)')).rejects.toThrow('foreign key');
  }, 60_000);

  test('says no name of anybody on the way either', async () => {
    const production = await connected(PRODUCTION);
    await production.query('analyze');
    const shelf = await handedOut(production, PEOPLE_MASKED);

    for (const [key, body] of shelf.kept)
      expect((key.endsWith('.gz') ? gunzipSync(body) : body).toString()).not.toContain('Somebody');
    expect(shelf.handover.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ['people', 500],
      ['schema_migrations', 1],
      ['visits', 5000],
    ]);
  }, 60_000);

  test('arrives to the letter, of whatever type', async () => {
    const odd = `
      create type mood as enum ('well', 'so so');
      create type pair as (a int, b text);
      create domain short as varchar(5);
      create table odd (
        id int primary key, m mood, p pair, s short, b bytea, j json, jb jsonb, n numeric(30, 10), f float8, i interval, t timestamptz, r int4range,
        a text[], c char(4), bits bit(3), "Odd ""name" text, ip inet, doubled int generated always as (id * 2) stored
      );`;
    const production = await connected(`${odd}
      insert into odd (id, m, p, s, b, j, jb, n, f, i, t, r, a, c, bits, "Odd ""name", ip) values
      (1, 'so so', (1, 'x,"y'), 'äöü', '\\x00ff', '{"a":  1}', '{"b": [1, null]}', 12345678901234567890.0123456789, 'NaN', '1 mon -2 days', '-infinity',
       '[1,5)', array['a', null, '{"'], 'x', b'101', E'tab\\there\\nline \\\\ back', '10.0.0.1/24'),
      (2, null, null, null, null, null, null, null, 0.1, null, '2026-03-01 00:00:00.123456+09', 'empty', '{}', null, null, '', null)`);
    const columns: MaskedColumns = {
      odd: { p: 'keep', b: 'keep', j: 'keep', jb: 'keep', ip: 'keep', 'Odd "name': 'keep' },
    };
    const before = await all(production, 'select odd::text from odd order by id');
    const shelf = await handedOut(production, columns);
    const staging = await connected(odd);

    await takenIn(staging, shelf, columns);

    expect(await all(staging, 'select odd::text from odd order by id')).toEqual(before);
  }, 60_000);

  test('of coach fits coach', async () => {
    const [production, staging] = [await connected(''), await connected('')];
    for (const client of [production, staging]) await migrate(client, 'reference/migrations');
    await production.query(
      "insert into accounts (name, password) values ('ana', 'secret-of-ana'), ('bo', 'secret-of-bo')",
    );
    const shelf = await handedOut(production, COACH_MASKED);

    const { rows } = await takenIn(staging, shelf, COACH_MASKED);

    expect(rows.accounts).toBe(2);
    expect(await all(staging, 'select count(*)::int from schema_migrations')).toEqual([[3]]);
  }, 60_000);

  test('needs no rights but those of the migrator, on either side', async () => {
    const asMigrator = async () => {
      const url = await database.empty();
      const admin = await database.connect(url);
      await admin.query(rolesSql());
      await admin.query("alter role migrator password 'migrates'");
      const own = new URL(url);
      [own.username, own.password] = ['migrator', 'migrates'];
      const client = await database.connect(own.href);
      await migrate(client, 'reference/migrations');
      return client;
    };
    const [production, staging] = [await asMigrator(), await asMigrator()];
    await production.query("insert into accounts (name, password) values ('ana', 'secret-of-ana')");

    const { rows } = await takenIn(staging, await handedOut(production, COACH_MASKED), COACH_MASKED);

    expect(rows.accounts).toBe(1);
  }, 60_000);

  test('fits a schema that is ahead: what is new keeps its default, what is gone is left out and told', async () => {
    const shelf = await handedOut(
      await connected(
        `${PRODUCTION} create table gone (id int); insert into gone values (1); alter table visits add column old int`,
      ),
      PEOPLE_MASKED,
    );
    const staging = await connected(
      `${STAGING} alter table visits add column kind text not null default 'walk'; create table new (visit bigint references visits); insert into new values (1)`,
    );

    const { left } = await takenIn(staging, shelf, PEOPLE_MASKED);

    expect(left).toEqual(['gone', 'visits.old']);
    expect(await all(staging, 'select distinct kind, (select count(*)::int from new) from visits')).toEqual([
      ['walk', 0],
    ]);
  }, 60_000);
});

describe('nothing is exchanged', () => {
  let shelf: Shelf;
  let staging: Client;

  beforeAll(async () => {
    shelf = await handedOut(await connected(PRODUCTION), PEOPLE_MASKED);
    staging = await connected(STAGING);
  }, 60_000);

  const untouched = async () =>
    expect(await all(staging, 'select (select min(name) from people), (select count(*)::int from visits)')).toEqual([
      ['Tess Ting', 1],
    ]);

  const visits = () => shelf.handover.tables.find(({ table }) => table === 'visits')!.parts[0]!.key;

  test('when a part is missing', async () => {
    const { kept } = shelf;
    const part = kept.get(visits())!;
    kept.delete(visits());

    await expect(takenIn(staging, shelf, PEOPLE_MASKED)).rejects.toThrow(`${visits()}: expected a part, got nothing`);
    kept.set(visits(), part);
    await untouched();
  });

  test('when a part is another one', async () => {
    const part = shelf.kept.get(visits())!;
    shelf.kept.set(visits(), Buffer.from('other'));

    await expect(takenIn(staging, shelf, PEOPLE_MASKED)).rejects.toThrow(
      /^run-1\/visits\/000001\.json\.gz: expected what was handed over, with hash [0-9a-f]{64}, got [0-9a-f]{64}; hand it over again$/,
    );
    shelf.kept.set(visits(), part);
    await untouched();
  });

  test('when the copy was masked by an older declaration', async () => {
    await expect(takenIn(staging, shelf, { ...PEOPLE_MASKED, visits: { day: 'date' } })).rejects.toThrow(
      'masked.visits.day: expected date, got nothing; bring this declaration to where the copy is masked',
    );
    await untouched();
  });

  test('when a column has joined that nobody declared', async () => {
    await staging.query('alter table people add column phone text');

    await expect(takenIn(staging, shelf, PEOPLE_MASKED)).rejects.toThrow(
      'masked.people.phone: expected a kind for text',
    );
    await staging.query('alter table people drop column phone');
    await untouched();
  });

  test('when rows break what holds here', async () => {
    await staging.query("alter table visits add constraint recent check (day > '2026-10-01')");

    await expect(takenIn(staging, shelf, PEOPLE_MASKED)).rejects.toThrow('violates check constraint "recent"');
    await staging.query('alter table visits drop constraint recent');
    await untouched();
    await expect(staging.query('insert into visits (person) values (999)')).rejects.toThrow('foreign key');
  });

  test('and nothing is handed out of a copy that changed after it was masked', async () => {
    const production = await connected(PRODUCTION);
    await markCopy(production, COPY);
    const report = await maskCopy(production, { copy: COPY, key: KEY, columns: PEOPLE_MASKED });
    await production.query("insert into people (name) values ('Late Comer')");
    const empty = new Shelf();

    await expect(handOut(production, { copy: COPY, report, parcels: empty })).rejects.toThrow(
      'people: expected the 500 rows that were masked, got 501; hand nothing over',
    );
    expect([...empty.kept.keys()].some((key) => key.endsWith('manifest.json'))).toBe(false);
  }, 60_000);
});

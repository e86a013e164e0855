import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { markCopy, maskCopy } from '../../../delivery/masking/mask';
import type { MaskedColumns } from '../../../lib/model/delivery';
import { migrate } from '../../../reference/migrate/migrate';
import { COACH_MASKED } from '../../../systems/coach-masked';
import { RealDatabase } from '../migrations/real-database';
import { MASKED, PEOPLE, ROWS } from './people';

const KEY = Buffer.alloc(32, 7);
const COPY = 'execution-12';

let database: RealDatabase;
let client: Client;
let url: string;

beforeAll(async () => {
  database = await RealDatabase.start();
}, 60_000);

afterAll(() => database.stop(), 30_000);

beforeEach(async () => {
  url = await database.empty();
  client = await database.connect(url);
}, 30_000);

async function people(): Promise<void> {
  await client.query(PEOPLE);
  await client.query(ROWS);
  await markCopy(client, COPY);
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await client.query(sql)).rows;
}

/** The whole schema but for its names of constraints' backing. */
async function schema(): Promise<unknown> {
  return {
    constraints: await rows(`select conrelid::regclass::text as t, conname, pg_get_constraintdef(oid) as d, convalidated
      from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`),
    indexes: await rows(`select indexdef from pg_indexes where schemaname = 'public' order by 1`),
    triggers: await rows(`select tgname, tgenabled from pg_trigger where not tgisinternal`),
    columns: await rows(`select table_name, column_name, data_type, character_maximum_length, is_nullable
      from information_schema.columns where table_schema = 'public' and table_name <> 'isolated_copy' order by 1, 2`),
  };
}

/** Everything in every row, as text. */
async function dump(...tables: readonly string[]): Promise<string> {
  let all = '';
  for (const table of tables) all += JSON.stringify(await rows(`select t::text from ${table} t order by 1`));
  return all;
}

describe('a masked copy', () => {
  test('holds no original value, and everything holds together as before', async () => {
    await people();
    const [before, counts] = [await dump('people', 'letters', 'writers'), await schema()];

    const report = await maskCopy(client, { copy: COPY, key: KEY, columns: MASKED });

    const after = await dump('people', 'letters', 'writers');
    const words = new Set(
      before.match(
        /Person Number \d+|person\d+@example\.com|812-\d+|3170000\d+|scrypt\$\w+|Nick\d+|Town of \d+|192\.168\.\d+\.\d+/g,
      ),
    );
    expect(words.size).toBeGreaterThan(800);
    expect([...words].filter((word) => after.includes(word))).toEqual([]);
    expect(await schema()).toEqual(counts);
    expect(report.rows).toEqual({ people: 120, letters: 360, stamps: 10 });
  }, 60_000);

  test('joins as before: every letter still has its writer, and every writer the same letters', async () => {
    await people();
    const count =
      'select count(*)::int as letters, count(distinct p.id)::int as people from letters l join people p on p.name = l.writer';
    const groups = 'select array_agg(id order by id) as ids from letters group by writer order by 1';
    const before = [await rows(count), await rows(groups)];

    await maskCopy(client, { copy: COPY, key: KEY, columns: MASKED });

    expect([await rows(count), await rows(groups)]).toEqual(before);
  }, 60_000);

  test('looks like the original: lengths, classes of characters, years, kinds of JSON', async () => {
    await people();
    const shape = `select length(phone) as phone, regexp_replace(phone, '\\d', '9', 'g') as form, length(national_id::text) as digits,
      extract(year from born) as year, extract(year from seen_at at time zone 'UTC') as seen, length(notes) as notes,
      regexp_replace(notes, '[a-z]', 'x', 'g') ~ '^[A-Z]x+ ' as capital, array_length(aliases, 1) as aliases,
      jsonb_typeof(profile -> 'age') as age, jsonb_array_length(profile -> 'tags') as tags, profile -> 'ok' as ok,
      family(address) as family, notes is null as silent from people order by id`;
    const before = await rows(shape);

    await maskCopy(client, { copy: COPY, key: KEY, columns: MASKED });

    expect(await rows(shape)).toEqual(before);
    expect(
      await rows(`select count(*)::int as n from people where born = date '1950-01-01' + (id * 37)::int % 20000`),
    ).toEqual([{ n: 0 }]);
    expect(await rows('select name, price from stamps where price = 1')).toEqual([{ name: 'Stamp 1', price: 1 }]);
  }, 60_000);

  test('is the same for the same key, and another for another', async () => {
    await people();
    const twin = await database.connect(await database.empty());
    await twin.query(PEOPLE);
    await twin.query(ROWS);
    await markCopy(twin, COPY);
    await maskCopy(client, { copy: COPY, key: KEY, columns: MASKED });
    await maskCopy(twin, { copy: COPY, key: KEY, columns: MASKED });
    const names = 'select name, email, phone, born from people order by id';
    expect((await twin.query(names)).rows).toEqual(await rows(names));

    const before = await rows(names);
    await maskCopy(client, { copy: COPY, key: Buffer.alloc(32, 8), columns: MASKED });
    expect(await rows(names)).not.toEqual(before);
  }, 60_000);

  test('leaves no sample of what was there in the planner’s statistics', async () => {
    await people();
    await client.query('analyze');
    await maskCopy(client, { copy: COPY, key: KEY, columns: MASKED });
    const [stats] =
      await rows(`select string_agg(coalesce(histogram_bounds::text, '') || coalesce(most_common_vals::text, ''), ' ') as seen
      from pg_stats where schemaname = 'public' and tablename in ('people', 'letters')`);
    expect(String(stats?.seen)).not.toMatch(/Person Number|example\.com/);
  }, 60_000);

  test("of coach's own schema is declared whole", async () => {
    await migrate(client, 'reference/migrations');
    await client.query(`insert into accounts (name, password) values ('ann.lee', 'scrypt$1'), ('bob.ray', 'scrypt$2');
      insert into reflections values (gen_random_uuid(), 'ann.lee', 'I felt fine today');
      insert into audit_log (account, action, subject, release) values ('bob.ray', 'login', 'bob.ray', 'v1')`);
    await markCopy(client, COPY);
    await maskCopy(client, { copy: COPY, key: KEY, columns: COACH_MASKED });

    expect(await dump('accounts', 'reflections', 'audit_log')).not.toMatch(/ann\.lee|bob\.ray|scrypt|felt fine/);
    expect(await rows('select count(*)::int as n from reflections join accounts on account = name')).toEqual([
      { n: 1 },
    ]);
  }, 60_000);
});

describe('masking is refused, and nothing has changed,', () => {
  async function refused(columns: MaskedColumns, options: { copy?: string; key?: Buffer } = {}): Promise<string> {
    const before = [await dump('people', 'letters'), await schema()];
    const masking = maskCopy(client, { copy: COPY, key: KEY, columns, ...options });
    const message = await masking.then(
      () => 'masked',
      (error: Error) => error.message,
    );
    expect([await dump('people', 'letters'), await schema()]).toEqual(before);
    return message.replace(/test_\d+_\d+/g, 'DATABASE');
  }

  test('in a database that nobody marked, or that was marked for another run', async () => {
    await people();
    expect(await refused(MASKED, { copy: 'execution-13' })).toBe(
      'DATABASE: expected a database marked as "isolated copy execution-13", got "isolated copy execution-12"; mask only what was restored for it',
    );
    await client.query('drop table isolated_copy');
    expect(await refused(MASKED)).toBe(
      'DATABASE: expected a database marked as "isolated copy execution-12", got none; mask only what was restored for it',
    );
  }, 30_000);

  test('with a key that could be guessed', async () => {
    await people();
    expect(await refused(MASKED, { key: Buffer.alloc(16) })).toBe(
      'key: expected at least 32 bytes, got 16; make one with openssl rand 32',
    );
  }, 30_000);

  test('for every column that may tell of a person, that does not exist, or that its kind does not fit', async () => {
    await people();
    const { notes: _, profile: __, ...some } = MASKED.people!;
    const columns = {
      ...MASKED,
      people: { ...some, born: 'name', password: 'null', shade: 'text', age: 'keep' },
    } as MaskedColumns;
    expect((await refused(columns)).split('\n')).toEqual([
      'masking: masked.people.age: expected one of id, name, email, phone, national_id, born, seen_at, address, avatar, password, notes, aliases, profile, shade, got "age"; drop it from the declaration, or mend its name',
      'masking: masked.people.born: expected date for date, got "name"; take one of these',
      'masking: masked.people.shade: expected nothing on a generated column, got "text"; mask what it is computed from',
      'masking: masked.people.notes: expected a kind for text, as it may tell of a person, got nothing; declare how it is masked, or "keep" if it tells nothing',
      'masking: masked.people.profile: expected a kind for jsonb, as it may tell of a person, got nothing; declare how it is masked, or "keep" if it tells nothing',
    ]);
  }, 30_000);

  test('when a foreign key would be torn', async () => {
    await people();
    expect(await refused({ ...MASKED, letters: { writer: 'keep', body: 'text' } })).toBe(
      'masking: masked.letters.writer: expected name, as people.name has, got nothing; declare both alike: a foreign key holds them together',
    );
  }, 30_000);

  test('when a value lives on where nobody said it would', async () => {
    await people();
    await client.query(`create table tickets (code text); insert into tickets values ('Person Number 7')`);
    expect(await refused(MASKED)).toBe(
      'tickets.code: expected nothing that is masked elsewhere, got at least one such value; declare how it is masked, or "keep"; nothing was changed',
    );
  }, 30_000);

  test('when a constraint of its own refuses the masks', async () => {
    await people();
    await client.query(`alter table people add check (phone like '+62%')`);
    expect(await refused(MASKED)).toBe(
      'people.people_phone_check: expected masks that keep what the database asks for, got "new row for relation "people" violates check ' +
        'constraint "people_phone_check""; declare another kind, or take another key; nothing was changed',
    );
  }, 30_000);

  test('when so few values are possible that one person’s mask is another’s original', async () => {
    await people();
    await client.query(`create table pins (pin text not null);
      insert into pins select lpad(n::text, 3, '0') from generate_series(0, 999) n`);
    expect(await refused({ ...MASKED, pins: { pin: 'digits' } })).toBe(
      'pins.pin: expected no original value, got at least one; take another key, or another kind for it; nothing was changed',
    );
  }, 30_000);
});

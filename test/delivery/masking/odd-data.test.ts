import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MaskedColumns } from '../../../lib/model/delivery';
import { copyWith, mask } from './copy-stage';

describe('masking copes with', () => {
  test('keys over several columns, to themselves, deferred, in capitals, partial, and in partitions', async () => {
    const client = await copyWith(`
      create schema "Sales";
      create domain address as varchar(80) check (value ~ '@');
      create table "Sales"."People" (
        "Region" text not null, "Full Name" varchar(30) not null, boss_region text, boss varchar(30), mail address, gone bool,
        primary key ("Region", "Full Name"),
        foreign key (boss_region, boss) references "Sales"."People" deferrable initially deferred
      );
      create unique index on "Sales"."People" (mail) where not gone;
      create table visits (id int, day date, who varchar(30), note text, primary key (id, day)) partition by range (day);
      create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');
      create index on visits (who);
      insert into "Sales"."People" select 'r' || n % 3, 'Somebody ' || n, 'r' || greatest(n - 1, 1) % 3, 'Somebody ' || greatest(n - 1, 1),
        'Box.' || n || '@Mail.example', n % 2 = 0 from generate_series(1, 60) n;
      insert into visits select n, '2026-03-01'::date + n, 'Somebody ' || n % 60, 'Met Somebody ' || n from generate_series(1, 90) n;`);
    const joined = `select count(*)::int as bosses, (select count(*)::int from visits v join "Sales"."People" p on p."Full Name" = v.who) as visits
      from "Sales"."People" a join "Sales"."People" b on b."Region" = a.boss_region and b."Full Name" = a.boss`;
    const before = (await client.query(joined)).rows;

    await mask(client, {
      'Sales.People': { 'Full Name': 'name', boss: 'name', mail: 'email' },
      visits: { who: 'name', note: 'text' },
    });

    expect((await client.query(joined)).rows).toEqual(before);
    const { rows } = await client.query(
      `select string_agg(p::text, ' ') || (select string_agg(v::text, ' ') from visits v) as all from "Sales"."People" p`,
    );
    expect(rows[0].all).not.toMatch(/Somebody|Mail\.example/);
  }, 60_000);

  test('columns so narrow that only letters tell people apart', async () => {
    const client =
      await copyWith(`create table t (name varchar(12) unique, code char(6), pin smallint, mail varchar(30) unique);
      insert into t select 'n' || n, lpad(n::text, 6, 'x'), 100 + n, 'a' || n || '@b.co' from generate_series(1, 400) n`);
    await mask(client, { t: { name: 'name', code: 'text', mail: 'email', pin: 'keep' } as MaskedColumns[string] });
    const { rows } = await client.query(
      'select count(distinct name)::int as names, count(distinct mail)::int as mails, max(length(name)) as longest from t',
    );
    expect(rows).toEqual([{ names: 400, mails: 400, longest: 10 }]);
  }, 60_000);

  test('nothing at all', async () => {
    const client = await copyWith('create table t (name text); create table empty ()');
    expect(await mask(client, { t: { name: 'name' } })).toMatchObject({ rows: { t: 0 } });
  }, 60_000);

  test('an array, old and new forms of JSON, bytes, times without end, addresses of both kinds', async () => {
    const client = await copyWith(`
      create table t (id int, tags varchar(20)[], old json, new jsonb, raw bytea, seen timestamp, born date, ip inet);
      insert into t values
        (1, array['secret tag', null, 'x'], '{"a": [1, "deep text", null, true, {"b": -12.75}]}', '"only text"', 'payload', 'infinity', 'infinity', '10.1.2.3/24'),
        (2, '{}', '[]', '{}', '', '2024-12-31 23:59:59.5', '2024-12-31', '2001:db8::1'), (3, null, null, null, null, null, null, null);`);
    await mask(client, {
      t: { tags: 'text', old: 'json', new: 'json', raw: 'secret', seen: 'date', born: 'date', ip: 'ip' },
    });
    const { rows } =
      await client.query(`select array_length(tags, 1) as tags, jsonb_typeof(new) as new, json_typeof(old #> '{a,4,b}') as b,
      old #>> '{a,3}' as yes, isfinite(seen) as seen, extract(year from born)::text as born, masklen(ip) as ip, ip << '10.0.0.0/8' as private from t order by id`);
    expect(rows).toEqual([
      { tags: 3, new: 'string', b: 'number', yes: 'true', seen: false, born: 'Infinity', ip: 24, private: true },
      { tags: null, new: 'object', b: null, yes: null, seen: true, born: '2024', ip: 128, private: false },
      { tags: null, new: null, b: null, yes: null, seen: null, born: null, ip: null, private: null },
    ]);
    expect(JSON.stringify((await client.query('select t::text from t t')).rows)).not.toMatch(
      /secret tag|deep text|only text|7061796c6f6164|10\.1\.2\.3|2001:db8/,
    );
  }, 60_000);

  test('letters of every script, in a database whose locale knows none of them', async () => {
    const names = ['山田太郎', 'Ærøskøbing', 'Дмитрий', '王芳', 'Zoë'];
    const client = await copyWith('create table t (id serial, note text)');
    await client.query('insert into t (note) select unnest($1::text[])', [names]);
    await mask(client, { t: { note: 'text' } });
    const { rows } = await client.query<{ note: string }>('select note from t order by id');
    expect(rows.map(({ note }) => note.replace(/[a-z]/g, 'x'))).toEqual([
      'xxxx',
      'xxxxxxxxxx',
      'xxxxxxx',
      '**',
      expect.stringMatching(/^[A-Z]xx$/),
    ]);
  }, 60_000);

  test('whatever people write', async () => {
    const client = await copyWith(
      'create table t (id int primary key, name text, note text, phone text, password text)',
    );
    const written = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 20 }), async (texts) => {
        await client.query('truncate t');
        for (const [id, text] of texts.entries())
          await client.query('insert into t values ($1, $2, $2, $2, $2)', [id, text]);
        await mask(client, { t: { name: 'name', note: 'text', phone: 'digits', password: 'secret' } });
        const { rows } = await client.query<Record<'name' | 'note', string>>('select * from t order by id');
        // Equal texts have equal masks, others have others; a text keeps its length.
        for (const [i, text] of texts.entries()) {
          expect([...rows[i]!.note].length).toBe([...text].length);
          for (const [j, other] of texts.entries()) expect(rows[i]!.name === rows[j]!.name).toBe(text === other);
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

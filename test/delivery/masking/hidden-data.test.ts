import { describe, expect, test } from '@jest/globals';
import { maskingProblems } from '../../../delivery/masking/mask';
import { copyWith, mask } from './copy-stage';

describe('a person is not left', () => {
  test('in the keys of JSON; fields keep their names', async () => {
    const client = await copyWith(`create table t (id int, doc jsonb);
      insert into t values (1, '{"by_mail": {"ann@mail.example": {"phone": "0812345678"}, "+62 812 999": true, "Ann Beetle": [1]}}')`);

    await mask(client, { t: { doc: 'json' } });

    const [{ doc }] = (await client.query('select doc::text from t')).rows;
    expect(doc).toMatch(/^\{"by_mail": \{.*"phone": "\d{10}"/);
    expect(doc).not.toMatch(/ann@|0812345678|812 999|Ann Beetle/);
  }, 60_000);

  test('in a key that looks like a field and is the name of somebody', async () => {
    const client = await copyWith(`create table people (name text); create table t (doc jsonb);
      insert into people values ('ann_beetle'); insert into t values ('{"ann_beetle": {"count": 1}}')`);

    await mask(client, { people: { name: 'name' }, t: { doc: 'json' } });

    const [{ doc }] = (await client.query('select doc::text from t')).rows;
    expect(doc).toMatch(/"count"/);
    expect(doc).not.toContain('ann_beetle');
  }, 60_000);

  test('unseen: what may hold one and has a type or a name of its own is asked about', async () => {
    const client = await copyWith(`create extension hstore; create type person as (name text, born date);
      create table t (id int, customer_id bigint, who person, pairs hstore, search tsvector, phone bigint, phones int[], born timestamptz,
        salary numeric, nama text, alamat text, dob2 date, e_mail text, "mothersMaiden" text, amount numeric, at timestamptz)`);

    const asked = (await maskingProblems(client, {})).map(({ at }) => at.replace('masked.t.', ''));

    expect(asked).toEqual([
      ...[
        'who',
        'pairs',
        'search',
        'phone',
        'phones',
        'born',
        'salary',
        'nama',
        'alamat',
        'dob2',
        'e_mail',
        'mothersMaiden',
      ],
    ]);
  }, 60_000);

  test('in large objects, which no column declares', async () => {
    const client = await copyWith("create table t (id int); select lo_from_bytea(0, 'a letter')");

    await expect(mask(client, {})).rejects.toThrow(
      'large objects: expected none, got 1; nobody can tell what is in them: keep it in a column, or in a bucket',
    );
  }, 60_000);
});

describe('masks', () => {
  test('that are by chance what somebody else had are made anew, however crowded the numbers are', async () => {
    const client = await copyWith(`create table t (id int, phone bigint, code text, doc jsonb);
      insert into t select n, 628120000 + n, lpad(n::text, 4, '0'), jsonb_build_object('code', lpad(n::text, 4, '0')) from generate_series(1, 500) n`);
    const originals = new Set(
      (await client.query('select phone::text, code, doc ->> $1 as inner from t', ['code'])).rows.flatMap(
        Object.values,
      ),
    );

    await mask(client, { t: { phone: 'digits', code: 'digits', doc: 'json' } });

    const masks = (await client.query('select phone::text, code, doc ->> $1 as inner from t', ['code'])).rows.flatMap(
      Object.values,
    );
    expect(masks).toHaveLength(1500);
    expect(masks.filter((one) => originals.has(one))).toEqual([]);
  }, 60_000);

  test('differ where values must, and are still the same wherever a value stands', async () => {
    const client =
      await copyWith(`create table t (phone varchar(4) unique, code int unique); create table calls (phone varchar(4) references t (phone));
      insert into t select lpad((n * 7)::text, 4, '0'), 1000 + n from generate_series(1, 600) n; insert into calls select phone from t`);

    await mask(client, { t: { phone: 'digits', code: 'digits' }, calls: { phone: 'digits' } });

    const { rows } = await client.query(
      'select count(distinct phone)::int as phones, count(distinct code)::int as codes, (select count(*)::int from calls join t using (phone)) as calls from t',
    );
    expect(rows).toEqual([{ phones: 600, codes: 600, calls: 600 }]);
  }, 60_000);

  test('of numbers with a fraction keep their form', async () => {
    const client = await copyWith(
      'create table t (card numeric(16, 0)); insert into t values (4111111111111111), (null)',
    );

    await mask(client, { t: { card: 'digits' } });

    const [{ card }] = (await client.query('select card::text from t where card is not null')).rows;
    expect(card).toMatch(/^\d{1,16}$/);
    expect(card).not.toBe('4111111111111111');
  }, 60_000);

  test('fit texts longer than an index takes, and take no longer for each letter', async () => {
    const client = await copyWith(`create table t (note text);
      insert into t select string_agg(md5(n::text), ' ') from generate_series(1, 2000) n`);

    await mask(client, { t: { note: 'text' } });

    const [{ length, kept }] = (
      await client.query("select length(note), note like '%' || md5('7') || '%' as kept from t")
    ).rows;
    expect([length, kept]).toEqual([2000 * 33 - 1, false]);
  }, 60_000);
});

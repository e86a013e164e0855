import { expect, test } from '@jest/globals';
import { describeFinding, lintMigrations } from '../../../delivery/migrations/lint';
import { lint } from './accounts';

const told = async (sql: string, level?: 'backfill') => (await lint(sql, level)).map(describeFinding);

test.each([
  [
    '\ufeffalter table accounts add column hue text',
    'file: expected SQL that PostgreSQL can parse, got a byte order mark, which no editor shows; save the file as UTF-8 without one',
  ],
  [
    'select 1;\n\0 drop table accounts',
    'file: expected SQL that PostgreSQL can parse, got a NUL character, behind which nothing is read; take it out',
  ],
])('what no editor shows is named: %j', async (sql, message) => {
  const [finding] = await told(sql);

  expect(finding).toContain(message);
});

test('a table in use does not become a partition of a new one, which would read it under a lock', async () => {
  const sql = `create table parted (like accounts) partition by range (id);
    alter table parted attach partition accounts for values from (1) to (2)`;

  expect(await told(sql)).toEqual([
    expect.stringContaining('expected a partition that this file created, got a table that is in use'),
  ]);
});

test('a backfill that picks what it has changed again would never end', async () => {
  const endless = "update accounts set email = '' where id in (select id from accounts limit 1000)";

  expect(await told(endless, 'backfill')).toEqual([
    expect.stringContaining(
      'expected rows that are picked no longer once they are changed, got a change of accounts that would be repeated for ever; ' +
        'ask for rows that lack it, e.g. "where email is null"',
    ),
  ]);
  expect(await told(endless.replace('limit', 'where email is null limit'), 'backfill')).toEqual([]);
});

test('lines end as they end on any machine', async () => {
  const crlf = await lintMigrations([
    { path: '0001_expand_a.sql', sql: 'create table a (id int);\r\n\r\ndrop table accounts;\r\n' },
  ]);

  expect(crlf.map(({ line, statement }) => [line, statement])).toEqual([[3, 'drop table accounts']]);
});

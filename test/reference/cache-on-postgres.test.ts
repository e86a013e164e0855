import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { type Cache, openCache } from '../../reference/store/cache';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';
import type { Store } from '../../rehearsal/stores/store';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder: RunFolder;
let postgres: Store;
/** The way to PostgreSQL; while it is away every connection ends at once. */
let way: Server;
let sockets: Socket[];
let isAway: boolean;
let cache: Cache;
let observer: Client;

beforeEach(async () => {
  folder = RunFolder.create();
  postgres = await startPostgres(process.cwd(), folder);
  const { port } = new URL(postgres.url);
  [sockets, isAway] = [[], false];
  way = createServer((client) => {
    const sides = isAway ? [client] : [client, connect(Number(port), '127.0.0.1')];
    for (const side of sides) side.on('error', () => side.destroy());
    sockets.push(...sides);
    if (isAway) client.destroy();
    else client.pipe(sides[1]!).pipe(client);
  });
  await once(way.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(postgres.url);
  url.port = String((way.address() as AddressInfo).port);
  cache = await openCache(url.href, SILENT);
  observer = new Client({ connectionString: postgres.url });
  await observer.connect();
}, 60_000);

afterEach(async () => {
  await cache.close();
  await observer.end();
  for (const socket of sockets) socket.destroy();
  way.close();
  await postgres.stop();
  folder.remove();
}, 30_000);

async function listeners(): Promise<number> {
  const { rows } = await observer.query(
    "select count(*)::int as count from pg_stat_activity where query ilike 'listen %' and datname = current_database()",
  );
  return rows[0].count;
}

test('after the server was away for a while one connection listens again, and a message is heard once', async () => {
  const heard: string[] = [];
  let onHeard: (message: string) => void = () => undefined;
  await cache.subscribe('events', (message) => {
    heard.push(message);
    onHeard(message);
  });

  isAway = true;
  for (const socket of sockets) socket.destroy();
  for (let tries = 0; tries < 6; tries += 1) await once(way, 'connection');
  isAway = false;
  while ((await listeners()) === 0);
  // nothing tells that no other connection comes: long enough for everyone who waits before he tries again
  await delay(1_000);
  const last = new Promise<void>((resolve) => {
    onHeard = (message) => message === 'second' && resolve();
  });
  await cache.publish('events', 'first');
  await cache.publish('events', 'second');
  await last;

  expect(heard).toEqual(['first', 'second']);
  expect(await listeners()).toBe(1);
}, 30_000);

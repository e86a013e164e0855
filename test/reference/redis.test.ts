import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openCache } from '../../reference/store/cache';
import { Queues } from '../../reference/store/queue';
import { givenRedis } from '../../rehearsal/stores/given-redis';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TLS_HANDSHAKE = 0x16;

let server: Server;
let sockets: Socket[];
/** First bytes of each connection. */
let first: Buffer[];
/** Commands in the order in which they came, each its words. */
let commands: string[][];

beforeEach(async () => {
  [sockets, first, commands] = [[], [], []];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data) => first.push(data));
    socket.on('data', (data) => answer(socket, String(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const ANSWERS: Readonly<Record<string, string>> = {
  info: '$17\r\nredis_version:8.1\r\n',
  scan: '*2\r\n$1\r\n0\r\n*1\r\n$4\r\nleft\r\n',
  unlink: ':1\r\n',
};

/** Just enough of a server to be let in: every command is taken, and known by its words. */
function answer(socket: Socket, text: string): void {
  for (const command of text.split(/^\*\d+\r\n/m).filter(Boolean)) {
    const words = command.split('\r\n').filter((line) => line !== '' && !line.startsWith('$'));
    commands.push(words);
    socket.write(ANSWERS[words[0]?.toLowerCase() ?? ''] ?? '+OK\r\n');
  }
}

function url(scheme: string, query = ''): string {
  return `${scheme}://app:pass@127.0.0.1:${(server.address() as AddressInfo).port}${query}`;
}

test('signs in with the user and the password of the URL before it asks anything', async () => {
  const cache = await openCache(url('redis'), SILENT);
  await cache.set('key', 'value', 60);
  await cache.close();

  const [signIn] = commands;
  expect(signIn?.slice(-3).map((word) => word.toLowerCase())).toEqual(['auth', 'app', 'pass']);
  expect(commands).toContainEqual(['set', 'key', 'value', 'EX', '60']);
});

test('a claim is a set that only the first one makes, and that ends by itself', async () => {
  const cache = await openCache(url('redis'), SILENT);

  expect(await cache.claim('leader', 'me', 30)).toBe(true);
  await cache.close();

  expect(commands).toContainEqual(['set', 'leader', 'me', 'EX', '30', 'NX']);
});

test('over rediss nothing leaves before the TLS handshake, the password least of all', async () => {
  const opening = openCache(url('rediss'), SILENT).catch((error: Error) => error);
  while (first.length === 0) await new Promise(setImmediate);
  for (const socket of sockets) socket.destroy();
  server.close();
  await opening;

  expect(first[0]?.[0]).toBe(TLS_HANDSHAKE);
  expect(first.some((bytes) => bytes.includes('pass'))).toBe(false);
});

test('on a shared server every key, channel and queue begins with the prefix of the URL', async () => {
  const shared = url('redis', '?prefix=own:');
  const cache = await openCache(shared, SILENT);
  await cache.set('key', 'value', 60);
  await cache.get('key');
  await cache.delete('key');
  await cache.claim('leader', 'me', 30);
  await cache.publish('events', 'hello');
  await cache.close();
  const queues = new Queues(shared);
  await queues.add('import', 'job-1', {});
  await queues.close();

  expect(commands).toEqual(
    expect.arrayContaining([
      ['set', 'own:key', 'value', 'EX', '60'],
      ['get', 'own:key'],
      ['del', 'own:key'],
      ['set', 'own:leader', 'me', 'EX', '30', 'NX'],
      ['publish', 'own:events', 'hello'],
    ]),
  );
  const words = commands.flat();
  expect(words).toContain('own:bull:import:wait');
  expect(words.filter((word) => /(?<!own:)bull:/.test(word))).toEqual([]);
});

test('two rehearsals on one server have a prefix each, and drop what begins with it at their end', async () => {
  const [one, other] = [await givenRedis(url('redis')), await givenRedis(url('redis'))];
  const [prefix, another] = [one, other].map((store) => new URL(store.url).searchParams.get('prefix'));
  await one.stop();
  await other.stop();

  expect(prefix).toMatch(/^sluice_rehearsal_[0-9a-f]{8}:$/);
  expect(another).not.toBe(prefix);
  expect(commands).toContainEqual(['scan', '0', 'MATCH', `${prefix}*`, 'COUNT', '1000']);
  expect(commands.filter(([command]) => command === 'unlink')).toEqual([
    ['unlink', 'left'],
    ['unlink', 'left'],
  ]);
});

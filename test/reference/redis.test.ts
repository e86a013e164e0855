import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openCache } from '../../reference/store/cache';

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

/** Just enough of a server to be let in: every command is taken, and known by its words. */
function answer(socket: Socket, text: string): void {
  for (const command of text.split(/^\*\d+\r\n/m).filter(Boolean)) {
    const words = command.split('\r\n').filter((line) => line !== '' && !line.startsWith('$'));
    commands.push(words);
    socket.write(words[0]?.toLowerCase() === 'info' ? '$17\r\nredis_version:8.1\r\n' : '+OK\r\n');
  }
}

function url(scheme: string): string {
  return `${scheme}://app:pass@127.0.0.1:${(server.address() as AddressInfo).port}`;
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

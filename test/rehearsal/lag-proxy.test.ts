import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LagProxy } from '../../rehearsal/stores/lag-proxy';

let echo: Server;
let line: LagProxy;
let port: number;

beforeEach(async () => {
  echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const target = (echo.address() as { port: number }).port;
  line = new LagProxy({ host: '127.0.0.1', port: target });
  port = Number(new URL(await line.listen(`postgresql://me@127.0.0.1:${target}/db`)).port);
});

afterEach(() => {
  line.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What came back, and after how many milliseconds. */
async function say(socket: Socket, text: string): Promise<{ readonly heard: string; readonly ms: number }> {
  const started = performance.now();
  socket.write(text);
  const [data] = await once(socket, 'data');
  return { heard: String(data), ms: performance.now() - started };
}

test('a good line passes on what comes', async () => {
  expect(await say(await open(), 'hello')).toMatchObject({ heard: 'hello' });
});

test('a bad line holds back what passes, in both directions', async () => {
  const socket = await open();
  line.slow(40);

  const { heard, ms } = await say(socket, 'hello');
  expect(heard).toBe('hello');
  // A timer may fire a fraction of a millisecond early.
  expect(ms).toBeGreaterThan(78);
});

test('what comes when the line is good again stays behind what came before', async () => {
  const socket = await open();
  let heard = '';
  socket.on('data', (data) => {
    heard += data;
  });
  line.slow(40);
  socket.write('first ');
  await new Promise((resolve) => setTimeout(resolve, 10));
  line.slow(0);
  socket.write('second');

  while (heard.length < 'first second'.length) await once(socket, 'data');
  expect(heard).toBe('first second');
});

test('a cut line drops who is connected and refuses who comes, until it is mended', async () => {
  const before = await open();
  const dropped = once(before, 'close');
  line.cut(true);
  await dropped;
  await once(await open(), 'close');

  line.cut(false);
  expect(await say(await open(), 'again')).toMatchObject({ heard: 'again' });
});

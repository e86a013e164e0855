import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ANSWER_WITHIN_MS, ask, closed, open, Stage } from './router-stage';

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('a handshake that the target refuses comes back with its status and headers', async () => {
  const server = createServer();
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 401 Unauthorized\r\nx-release: stable\r\ncontent-length: 0\r\n\r\n'),
  );
  await stage.serve('stable', server);
  const listener = await stage.front();

  await expect(open(listener)).rejects.toThrow('Unexpected server response: 401');
  expect(stage.answered).toMatchObject([{ group: 'stable', status: 401, by: 'target' }]);
});

test('a request that no rule matches is answered 404', async () => {
  await stage.arm('canary');
  const listener = await stage.router.listen({
    name: 'front-test',
    rules: [{ name: 'test', header: { name: 'x-release', value: '*' }, weights: { canary: 100 } }],
  });

  expect((await ask(listener)).status).toBe(404);
  expect(stage.answered).toMatchObject([{ group: undefined, status: 404, by: 'balancer' }]);
});

test('a target group without a target is answered 503', async () => {
  stage.router.addGroup('stable');
  const listener = await stage.front();

  expect((await ask(listener)).status).toBe(503);
  await expect(open(listener)).rejects.toThrow('Unexpected server response: 503');
});

test('a target that refuses the connection is answered 502', async () => {
  const server = await stage.arm('stable');
  server.close();
  const listener = await stage.front();

  expect(await ask(listener)).toEqual({ status: 502, release: undefined, body: '502 Bad Gateway\n' });
  await expect(open(listener)).rejects.toThrow('Unexpected server response: 502');
  expect(stage.answered).toMatchObject([
    { group: 'stable', status: 502, by: 'balancer' },
    { group: 'stable', status: 502, by: 'balancer' },
  ]);
});

test('a target that hangs up before it answers is answered 502', async () => {
  await stage.arm('stable', (request) => request.socket.destroy());
  const listener = await stage.front();

  expect((await ask(listener)).status).toBe(502);
});

test('a target that stays silent is answered 504', async () => {
  await stage.arm('stable', () => undefined);
  const listener = await stage.front();

  expect((await ask(listener)).status).toBe(504);
  expect(stage.answered[0]!.ms).toBeGreaterThanOrEqual(ANSWER_WITHIN_MS - 5);
});

test('a handshake that the target never answers is answered 504', async () => {
  const server = createServer();
  server.on('upgrade', () => undefined);
  await stage.serve('stable', server);
  const listener = await stage.front();

  await expect(open(listener)).rejects.toThrow('Unexpected server response: 504');
});

test('a target that dies in mid-body ends the client too, instead of leaving it to wait', async () => {
  await stage.arm('stable', (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setImmediate(() => response.destroy());
  });
  const listener = await stage.front();

  await expect(ask(listener)).rejects.toThrow('aborted');
});

test('a client that leaves before the answer is counted as nothing', async () => {
  let arrived: () => void = () => undefined;
  const atTarget = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    void stage.arm('stable', (request) => {
      request.once('close', resolve);
      arrived();
    });
  });
  const listener = await stage.front();
  const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await atTarget;

  socket.destroy();
  await gone;

  expect(stage.answered).toEqual([]);
});

test('a client that resets the connection of its handshake ends nothing but that', async () => {
  stage.router.addGroup('stable');
  const listener = await stage.front();
  const handshake = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';

  for (let client = 0; client < 20; client += 1) {
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.write(handshake, () => socket.resetAndDestroy());
    await closed;
  }

  expect((await ask(listener)).status).toBe(503);
  expect(stage.answered.map(({ status }) => status)).toContain(503);
});

test('a port that is taken is named with the way out', async () => {
  const first = await stage.router.listen({ name: 'front', rules: [] });
  const port = Number(new URL(first.url).port);

  await expect(stage.router.listen({ name: 'front', rules: [], port })).rejects.toThrow(
    `--port: expected a port nobody listens on, got ${port}; choose another, or leave it out for a free one`,
  );
});

test('closing the router ends the websockets that are still open', async () => {
  await stage.arm('stable');
  const listener = await stage.front();
  const { socket } = await open(listener);
  const end = closed(socket);

  await stage.router.close();

  expect((await end).code).toBe(1006);
});

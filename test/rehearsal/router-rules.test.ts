import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ask, askMany, closed, echo, open, portOf, Stage } from './router-stage';

const RULES = [
  { name: 'test', header: { name: 'x-release', value: '*' }, weights: { stable: 0, canary: 100 } },
  { name: 'production', weights: { stable: 90, canary: 10 } },
];

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('requests are split by the weights of the production rule, at random', async () => {
  await Promise.all([stage.arm('stable'), stage.arm('canary')]);
  const listener = await stage.router.listen({ name: 'front', rules: RULES });

  const tally = await askMany(listener, 600);

  expect(tally.stable! + tally.canary!).toBe(600);
  expect(tally.canary).toBeGreaterThan(30);
  expect(tally.canary).toBeLessThan(95);
});

test('a request with the release header takes the test rule, whatever its value', async () => {
  await Promise.all([stage.arm('stable'), stage.arm('canary')]);
  const listener = await stage.router.listen({ name: 'core', rules: RULES });

  for (const value of ['canary', 'v1.4.0', 'anything']) {
    expect(await ask(listener, { headers: { 'X-Release': value } })).toEqual({
      status: 200,
      release: 'canary',
      body: 'canary',
    });
  }
});

test('a listener drops the headers that viewers may not send', async () => {
  await Promise.all([stage.arm('stable'), stage.arm('canary')]);
  const listener = await stage.router.listen({
    name: 'front',
    rules: [RULES[0]!, { name: 'production', weights: { stable: 100, canary: 0 } }],
    drop: ['x-release'],
  });

  expect((await ask(listener, { headers: { 'x-release': 'canary' } })).release).toBe('stable');
});

test('new weights count from the next request on, while open websockets stay where they are', async () => {
  await Promise.all([stage.arm('stable'), stage.arm('canary')]);
  const listener = await stage.front({ stable: 100, canary: 0 });
  const { socket } = await open(listener);

  listener.setWeights('production', { stable: 0, canary: 100 });

  expect((await ask(listener)).body).toBe('canary');
  expect(await echo(socket)).toBe('stable hello');
  expect((await open(listener)).release).toBe('canary');
  expect(listener.weightsOf('production')).toEqual({ stable: 0, canary: 100 });
});

test('a websocket takes the test rule by its handshake, and the answer names the release', async () => {
  await Promise.all([stage.arm('stable'), stage.arm('canary')]);
  const listener = await stage.router.listen({ name: 'front', rules: RULES });

  const { socket, release } = await open(listener, { 'x-release': 'canary' });

  expect(release).toBe('canary');
  expect(await echo(socket)).toBe('canary hello');
  expect(stage.answered).toMatchObject([{ listener: 'front', group: 'canary', status: 101, by: 'target' }]);
});

test('a service closes its websockets with a code and a reason of its own', async () => {
  await stage.arm('stable', undefined, (socket) => socket.close(1012, 'restarting'));
  const listener = await stage.front();

  const { socket } = await open(listener);

  expect(await closed(socket)).toEqual({ code: 1012, reason: 'restarting' });
});

test('a body of a megabyte and the caller’s address reach the target', async () => {
  await stage.arm('stable', (request, response) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
    });
    request.on('end', () => response.end(`${size} ${request.headers['x-forwarded-for']}`));
  });
  const listener = await stage.front();

  expect((await ask(listener, { body: 'x'.repeat(2 ** 20) })).body).toBe('1048576 127.0.0.1');
});

test('the targets of a group are asked in turn, and one that was deregistered no more', async () => {
  const servers = [createServer((_, r) => r.end('a')), createServer((_, r) => r.end('b'))];
  const group = stage.router.addGroup('stable');
  for (const server of servers) await stage.serve('stable', server, group);
  const listener = await stage.front();

  expect(await askMany(listener, 10)).toEqual({ a: 5, b: 5 });
  group.deregister({ host: '127.0.0.1', port: portOf(servers[0]!) });
  expect(await askMany(listener, 4)).toEqual({ b: 4 });
});

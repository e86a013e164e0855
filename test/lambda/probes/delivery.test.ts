import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { sampleDelivery } from '../../../lambda/probes/delivery';
import type { ProbeConfig } from '../../../lib/model/system';
import { answering, nobodysUrl, StandIn } from './stand-in';

const objective = { p0: 0.05, pTol: 0.1, typical: 0.02, mustCatch: 0.2, perMinute: 10, burst: 3, weight: 1 };
const REFLECT = {
  ...{ id: 'reflect', kind: 'delivery', path: '/ws', boundMs: 5_000, objective },
} as const satisfies ProbeConfig;

let service: StandIn;

beforeEach(async () => {
  service = await StandIn.open(answering(404, 'v2'));
});

afterEach(() => service.close());

function sample(boundMs: number = REFLECT.boundMs) {
  const visit = { entrance: service.entrance('test'), session: undefined, expected: {} };
  return sampleDelivery({ ...REFLECT, boundMs } as typeof REFLECT, visit);
}

function tell(socket: WebSocket, id: string, release = 'v2'): void {
  socket.send(JSON.stringify({ type: 'reflected', id, release }));
}

test('messages that come back once, in order and in time are well', async () => {
  service.acceptSockets('v2', (socket, { id }) => tell(socket, id));

  expect(await sample()).toMatchObject({
    ...{ probe: 'reflect', entrance: 'test', release: 'v2', answered: true, breach: false, hard: false },
    attempts: [{ release: 'v2', failed: false, answered: true }],
  });
});

test('an event that comes twice is a hard failure', async () => {
  service.acceptSockets('v2', (socket, { id }) => {
    tell(socket, id);
    tell(socket, id);
  });

  expect(await sample()).toMatchObject({ breach: true, hard: true, why: 'delivered twice: 4 events for 2 messages' });
});

test('an event that is lost is a breach once time is over', async () => {
  service.acceptSockets('v2', (socket, { id }, nth) => nth === 0 && tell(socket, id));

  expect(await sample(100)).toMatchObject({ breach: true, hard: false, why: '1 of 2 events lost' });
});

test('events in the wrong order are a breach', async () => {
  const ids: string[] = [];
  service.acceptSockets('v2', (socket, { id }) => {
    if (ids.push(id) === 2) for (const late of ids.toReversed()) tell(socket, late);
  });

  expect(await sample()).toMatchObject({ breach: true, hard: false, why: 'events out of order' });
});

test('events of others, other frames and broken ones are not its own', async () => {
  service.acceptSockets('v2', (socket, { id }) => {
    socket.send('{');
    socket.send(JSON.stringify({ type: 'accepted', id }));
    tell(socket, 'of-another-sample');
    tell(socket, id);
  });

  expect(await sample()).toMatchObject({ breach: false, hard: false });
});

test('an event that another release dispatched makes the sample that release’s', async () => {
  service.acceptSockets('v2', (socket, { id }) => tell(socket, id, 'v1'));

  expect(await sample()).toMatchObject({ release: 'v1', attempts: [{ release: 'v2' }] });
});

test('a socket that is closed on it is a breach without waiting for the bound', async () => {
  service.acceptSockets('v2', (socket) => socket.close());

  const { breach, why, latencyMs } = await sample(60_000);

  expect([breach, why]).toEqual([true, '2 of 2 events lost']);
  expect(latencyMs).toBeLessThan(30_000);
});

test.each([
  [401, 'v2', { release: 'v2', failed: false, answered: true }],
  [503, undefined, { release: undefined, failed: true, answered: false }],
])('a handshake that %i refuses by %s is a breach', async (status, release, attempt) => {
  service.refuseSockets(status, release);

  expect(await sample()).toMatchObject({ breach: true, why: `status ${status}`, attempts: [attempt] });
});

test('where nobody listens the sample is a breach of nobody', async () => {
  const entrance = { ...service.entrance(), baseUrl: await nobodysUrl() };

  const { breach, answered, why } = await sampleDelivery(REFLECT, { entrance, session: undefined, expected: {} });

  expect([breach, answered]).toEqual([true, false]);
  expect(why).toContain('ECONNREFUSED');
});

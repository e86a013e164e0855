import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { sessionHeaders, signIn } from '../../lambda/probes/session';
import { ACCOUNT, type CoachStage, startCoach } from './coach-stage';

const ORIGIN = 'http://coach.test';
let stage: CoachStage;
let headers: Record<string, string>;
let stopped: Promise<void> | undefined;

beforeAll(async () => {
  stage = await startCoach({ environment: { DRAIN_MS: '2000' } });
  const { session } = await signIn({ name: 'production', baseUrl: stage.url, headers: { origin: ORIGIN } }, ACCOUNT);
  headers = { origin: ORIGIN, ...sessionHeaders(session) };
}, 60_000);

afterAll(() => stop(), 60_000);

function stop(): Promise<void> {
  stopped ??= stage?.stop();
  return stopped;
}

function openSocket(): WebSocket {
  return new WebSocket(`${stage.url.replace('http', 'ws')}/ws`, { headers });
}

/** A client that asks for a websocket without a session, hears that it may not, and does not hang up. */
async function refusedAndStays(): Promise<string> {
  const { hostname, port } = new URL(stage.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.write('GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  return String((await once(socket, 'data'))[0]);
}

test('a front that drains serves the websockets it has, lets no more in, then sends everybody to connect anew, and ends', async () => {
  const [open, id] = [openSocket(), randomUUID()];
  await once(open, 'open');
  const closed = once(open, 'close');
  expect(await refusedAndStays()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n(.*\r\n)*x-release: v1\r\n/i);

  const stopping = stop();
  const late = openSocket();
  late.on('error', () => undefined);
  const [, refusal] = await once(late, 'unexpected-response');
  late.terminate();
  const accepted = once(open, 'message');
  open.send(JSON.stringify({ type: 'reflect', id, text: 'still here' }));

  expect(refusal).toMatchObject({ statusCode: 503, headers: { 'x-release': 'v1' } });
  expect(JSON.parse(String((await accepted)[0]))).toEqual({ type: 'accepted', id });
  expect((await closed).map(String)).toEqual(['1012', 'the service restarts']);
  await stopping;
}, 60_000);

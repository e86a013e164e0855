import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import type { Entrance } from '../../lambda/probes/entrance';
import { sessionHeaders, signIn } from '../../lambda/probes/session';
import { openSocket } from '../../lambda/probes/socket';
import { seed } from '../../reference/seed/seed';
import { ACCOUNT, type CoachStage, startCoach } from './coach-stage';

let stage: CoachStage;

beforeAll(async () => {
  stage = await startCoach({ environment: { REQUESTS_PER_MINUTE: '40', MESSAGES_PER_MINUTE: '40' } });
}, 60_000);

afterAll(() => stage?.stop(), 30_000);

/** Each caller from an address of his own, or the limits of one test would be another's. */
function at(baseUrl: string, from = `198.51.100.${callers++}`): Entrance {
  return { name: 'production', baseUrl, headers: { origin: 'http://coach.test', 'x-forwarded-for': from } };
}

let callers = 1;

async function newcomer(name: string): Promise<Record<string, string>> {
  await inDatabase((client) => seed(client, [{ name, password: ACCOUNT.password, role: 'user' }]));
  return sessionHeaders((await signIn(at(stage.url), { user: name, password: ACCOUNT.password })).session);
}

async function connected(own: Record<string, string>): Promise<WebSocket> {
  const headers = { ...at(stage.url).headers, ...own };
  const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/ws`, { headers });
  await once(socket, 'open');
  return socket;
}

function reflection(): string {
  return JSON.stringify({ type: 'reflect', id: randomUUID(), text: 'a thought' });
}

/** Writes so many reflections at once; resolves when the front has taken them all. */
function write(socket: WebSocket, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    socket.on('message', (data) => {
      const { type, error } = JSON.parse(String(data));
      if (type === 'refused') reject(new Error(error));
      if (type === 'accepted' && --left === 0) resolve();
    });
    for (let i = 0; i < count; i += 1) socket.send(reflection());
  });
}

function countReflections(account: string): Promise<number> {
  const sql = 'select count(*)::int as count from reflections where account = $1';
  return inDatabase(async (client) => (await client.query(sql, [account])).rows[0].count);
}

function whileCoreIsStuck(work: () => Promise<void>): Promise<void> {
  return inDatabase(async (client) => {
    await client.query('begin; lock table reflections');
    await work();
    await client.query('commit');
  });
}

async function inDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: stage.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('one address asks for so many and no more, and the refusal bears the release', async () => {
  const busy = at(stage.url, '203.0.113.10');
  const opening = { path: '/ws', session: undefined, timeoutMs: 10_000 };
  const answers = await Promise.all(Array.from({ length: 45 }, () => openSocket(busy, opening)));

  expect(answers.filter(({ why }) => why === 'status 401')).toHaveLength(40);
  expect(answers.filter(({ why }) => why === 'status 429')).toHaveLength(5);
  expect(answers.every(({ attempt }) => attempt.release === 'v1')).toBe(true);
});

test('an account writes so often and no more, over however many connections', async () => {
  const own = await newcomer('scribbler');
  const [first, second] = [await connected(own), await connected(own)];
  await Promise.all([write(first, 20), write(second, 20)]);
  const closed = once(second, 'close');
  second.send(reflection());

  expect((await closed).map(String)).toEqual(['1008', 'expected at most 40 messages a minute']);
  expect(await countReflections('scribbler')).toBe(40);
  await write(await connected(await newcomer('neighbour')), 1);
  first.terminate();
}, 30_000);

test('whoever writes without waiting for answers is cut off, and what he wrote beyond is not passed on', async () => {
  const socket = await connected(await newcomer('flooder'));
  const closed = once(socket, 'close');
  await whileCoreIsStuck(async () => {
    for (let i = 0; i < 39; i += 1) socket.send(reflection());
    expect((await closed).map(String)).toEqual(['1008', 'expected at most 32 messages without an answer']);
  });

  expect(await countReflections('flooder')).toBeLessThanOrEqual(32);
});

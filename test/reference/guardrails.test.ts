import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { type Entrance, type Reply, send } from '../../lambda/probes/entrance';
import { sessionHeaders, signIn } from '../../lambda/probes/session';
import { signRequest } from '../../reference/identity/signature';
import { openSigningKey, Tokens } from '../../reference/identity/tokens';
import { seed } from '../../reference/seed/seed';
import type { SharedSecret } from '../../reference/settings';
import { openCache } from '../../reference/store/cache';
import { ACCOUNT, type CoachStage, SECRETS, startCoach } from './coach-stage';

let stage: CoachStage;
let session: Record<string, string>;

beforeAll(async () => {
  stage = await startCoach({ environment: { SIGN_INS_PER_MINUTE: '5', REQUESTS_PER_MINUTE: '40' } });
  session = sessionHeaders((await signIn(at(stage.url), ACCOUNT)).session);
}, 60_000);

afterAll(() => stage?.stop(), 30_000);

/** Each caller from an address of his own, or the limits of one test would be another's. */
function at(baseUrl: string, from = `198.51.100.${callers++ % 250}`): Entrance {
  return { name: 'production', baseUrl, headers: { origin: 'http://coach.test', 'x-forwarded-for': from } };
}

let callers = 1;

function post(path: string, body: unknown, headers: Record<string, string> = {}, to = stage.url): Promise<Reply> {
  return send(at(to), { method: 'POST', path, body, headers, timeoutMs: 10_000 });
}

describe('limits', () => {
  test('whoever signs in too often has to wait, however he dresses up', async () => {
    const from = '203.0.113.7';
    const answers = [];
    for (let i = 0; i < 8; i += 1) {
      const headers = { cookie: `__Host-session=${randomUUID()}`, 'x-forwarded-for': `10.0.0.${i}, ${from}` };
      const call = { method: 'POST', path: '/auth/login', body: { user: 'x', password: 'y' }, headers } as const;
      answers.push((await send(at(stage.url, from), { ...call, timeoutMs: 10_000 })).status);
    }

    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  test('one address asks so often and no more; its neighbour is not held up, and health is never refused', async () => {
    const busy = at(stage.url, '203.0.113.8');
    const ask = async (path: string, who: Entrance) => (await send(who, { path, timeoutMs: 10_000 })).status;
    const answers = await Promise.all(Array.from({ length: 45 }, () => ask('/auth/me', busy)));

    expect(answers.filter((status) => status === 429)).toHaveLength(5);
    expect(await ask('/auth/me', at(stage.url, '203.0.113.9'))).toBe(401);
    expect(await ask('/healthz', busy)).toBe(200);
  });

  test('a refusal for the rate bears the release too, or it would count for nobody', async () => {
    const busy = at(stage.url, '203.0.113.8');

    expect((await send(busy, { path: '/auth/me', timeoutMs: 10_000 })).attempt).toMatchObject({
      ...{ release: 'v1', failed: false },
    });
  });

  test('a body over 256 KiB is refused at the front, and at the AI itself', async () => {
    const large = { prices: Array(200_000).fill(1), window: 2 };
    expect((await post('/indicators', large, session)).status).toBe(413);
    expect(await post('/indicators', large, {}, stage.aiUrl)).toMatchObject({
      status: 413,
      attempt: { release: 'v1' },
    });
  });
});

describe('sessions', () => {
  test('a token of another session does not do', async () => {
    const other = sessionHeaders((await signIn(at(stage.url), ACCOUNT)).session);
    const mixed = { ...session, 'x-csrf-token': other['x-csrf-token'] ?? '', 'idempotency-key': randomUUID() };

    expect((await post('/imports', { rows: 1 }, mixed)).status).toBe(403);
  });

  test('end with signing out, for every task', async () => {
    const mine = sessionHeaders((await signIn(at(stage.url), ACCOUNT)).session);
    expect((await post('/auth/logout', {}, mine)).status).toBe(200);

    expect((await send(at(stage.url), { path: '/auth/me', headers: mine, timeoutMs: 10_000 })).status).toBe(401);
  });

  test.each([
    ['from another site', { origin: 'https://evil.test' }, 403],
    ['without a session', { cookie: '' }, 401],
    ['with a session that is made up', { cookie: `__Host-session=${'A'.repeat(43)}` }, 401],
  ])('a websocket %s is refused, and says by which release', async (_, headers, status) => {
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/ws`, {
      headers: { origin: 'http://coach.test', ...session, ...headers },
    });
    socket.on('error', () => undefined);
    const answer = await new Promise<{ statusCode?: number; headers: object }>((resolve) => {
      socket.on('unexpected-response', (__, response) => resolve(response));
    });
    socket.terminate();

    expect(answer).toMatchObject({ statusCode: status, headers: { 'x-release': 'v1' } });
  });
});

test('flags are told to who is signed in, and are at their safest where nobody is asked', async () => {
  const ask = (headers: Record<string, string>) => send(at(stage.url), { path: '/flags', headers, timeoutMs: 10_000 });

  expect((await ask({})).status).toBe(401);
  expect((await ask(session)).body).toEqual({
    ...{ HEURISTICS_ONLY: true, FEATURE_VENDOR_FALLBACK: false, FEATURE_BINANCE: false },
  });
});

describe('Core', () => {
  test.each([
    ['no token', {}],
    ['a token of nobody', { authorization: 'Bearer x.y.z' }],
  ])('refuses %s on every call', async (_, headers) => {
    for (const path of ['/users/me', '/imports/1', '/nowhere'])
      expect((await send(at(stage.coreUrl), { path, headers, timeoutMs: 10_000 })).status).toBe(401);
    expect((await post('/imports', { rows: 1 }, headers, stage.coreUrl)).status).toBe(401);
  });

  test('refuses a token that another key has signed', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = await openSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const authorization = `Bearer ${await new Tokens(key).issue({ account: 'probe', role: 'probe' })}`;

    const { status } = await send(at(stage.coreUrl), {
      path: '/users/me',
      headers: { authorization },
      timeoutMs: 10_000,
    });

    expect(status).toBe(401);
  });

  test('signs nobody in who does not come from the Edge', async () => {
    expect((await post('/tokens', ACCOUNT, {}, stage.coreUrl)).body).toEqual({ error: 'no signature' });
  });

  test('signs nobody in by a signature that another of its tasks has seen', async () => {
    const headers = () => {
      const request = { method: 'POST', path: '/tokens', body: JSON.stringify(ACCOUNT) };
      return { 'x-signature': signRequest(request, SECRETS.edge) };
    };
    const [fresh, seen] = [headers(), headers()];
    const cache = await openCache(stage.databaseUrl, { info: () => {}, warn: () => {}, error: () => {} });
    await cache.claim(`nonce:${/nonce=([^,]+)/.exec(seen['x-signature'])?.[1]}`, '', 120);
    await cache.close();

    expect((await post('/tokens', ACCOUNT, fresh, stage.coreUrl)).status).toBe(200);
    expect((await post('/tokens', ACCOUNT, seen, stage.coreUrl)).body).toEqual({ error: 'signature used before' });
  });

  test.each([
    [{}, 'rows: expected a whole number from 1 to 10000'],
    [{ rows: 0 }, 'rows: expected a whole number from 1 to 10000'],
    [{ rows: 10_001 }, 'rows: expected a whole number from 1 to 10000'],
    [{ rows: 1.5 }, 'rows: expected a whole number from 1 to 10000'],
  ])('says what is wrong with an import of %j', async (body, error) => {
    const answer = await post('/imports', body, { ...session, 'idempotency-key': randomUUID() });

    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  test('wants a key for each change', async () => {
    expect((await post('/imports', { rows: 1 }, session)).body).toEqual({
      error: 'idempotency-key: expected 8 to 200 characters',
    });
  });

  test('shows an import to its owner alone', async () => {
    const client = new Client({ connectionString: stage.databaseUrl });
    await client.connect();
    await seed(client, [{ name: 'other', password: 'other password', role: 'user' }]);
    await client.end();
    const other = sessionHeaders((await signIn(at(stage.url), { user: 'other', password: 'other password' })).session);
    const { body } = await post('/imports', { rows: 1 }, { ...session, 'idempotency-key': randomUUID() });
    const path = `/imports/${(body as { id: string }).id}`;

    expect((await send(at(stage.url), { path, headers: session, timeoutMs: 10_000 })).status).toBe(200);
    expect((await send(at(stage.url), { path, headers: other, timeoutMs: 10_000 })).status).toBe(404);
  });
});

describe('the AI', () => {
  const body = { prices: [1, 2, 4, 3], window: 2 };
  const signed = (secrets: readonly SharedSecret[] = SECRETS.ai) =>
    signRequest({ method: 'POST', path: '/indicators', body: JSON.stringify(body) }, secrets);
  const ask = (signature: string, what: unknown = body) =>
    post('/indicators', what, { 'x-signature': signature }, stage.aiUrl);

  test('answers who signs with the secret, once', async () => {
    const signature = signed();

    expect((await ask(signature)).body).toEqual({ sma: 3.5, ema: 3.074074, rsi: 66.666667, trend: 'down' });
    expect(await ask(signature)).toMatchObject({ status: 401, body: { error: 'signature used before' } });
  });

  test('refuses another secret, and another body than was signed', async () => {
    const wrong = { status: 401, body: { error: 'wrong signature' } };
    expect(await ask(signed([{ kid: 'a', secret: 'f'.repeat(16) }]))).toMatchObject(wrong);
    expect(await ask(signed(), { ...body, window: 3 })).toMatchObject(wrong);
    expect(await ask('')).toMatchObject({ status: 401, body: { error: 'no signature' } });
  });
});

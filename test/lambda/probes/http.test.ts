import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleHealth, sampleHttp } from '../../../lambda/probes/http';
import { signIn } from '../../../lambda/probes/session';
import type { ProbeConfig } from '../../../lib/model/system';
import { answer, answering, nobodysUrl, StandIn } from './stand-in';

const { perMinute, burst, weight, ...rates } = {
  ...{ p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 1 },
};
const objective = { ...rates, perMinute, burst, weight };
const LOGIN = { id: 'login', kind: 'http', path: '/auth/me', boundMs: 5_000, objective } as const satisfies ProbeConfig;
const HEALTH = {
  ...{ id: 'health', kind: 'health', path: '/health', boundMs: 5_000, objective },
  components: ['database', 'llm'],
} as const satisfies ProbeConfig;
const SESSION = { cookie: '__Host-session=abc', csrfToken: 'token' };

let service: StandIn;

beforeEach(async () => {
  service = await StandIn.open(answering(200, 'v2'));
});

afterEach(() => service.close());

function visit(session = SESSION as typeof SESSION | undefined) {
  return { entrance: service.entrance(), session, expected: {} };
}

describe('the probe of a path', () => {
  test('is well when it is answered in time with success', async () => {
    expect(await sampleHttp(LOGIN, visit())).toMatchObject({
      ...{ probe: 'login', entrance: 'production', release: 'v2', answered: true, breach: false, hard: false },
      attempts: [{ release: 'v2', failed: false, answered: true }],
    });
  });

  test('is in breach by any answer that is no success, in words', async () => {
    service.serve = answering(401, 'v2');

    expect(await sampleHttp(LOGIN, visit())).toMatchObject({
      breach: true,
      hard: false,
      why: 'status 401',
      release: 'v2',
    });
  });

  test('is in breach by an answer later than its bound', async () => {
    const sample = await sampleHttp({ ...LOGIN, boundMs: 0 }, visit());

    expect(sample).toMatchObject({ breach: true, release: 'v2' });
    expect(sample.why).toMatch(/^\d+ ms$/);
  });

  test('is in breach of nobody where nobody listens', async () => {
    const entrance = { ...service.entrance(), baseUrl: await nobodysUrl() };

    expect(await sampleHttp(LOGIN, { ...visit(), entrance })).toMatchObject({
      ...{ breach: true, answered: false, release: undefined },
    });
  });

  test('comes in the session, and without one all the same', async () => {
    const cookies: unknown[] = [];
    service.serve = ({ headers }, response) => {
      cookies.push(headers.cookie);
      answer(response, { release: 'v2' });
    };

    await sampleHttp(LOGIN, visit());
    await sampleHttp(LOGIN, { ...visit(), session: undefined });

    expect(cookies).toEqual([SESSION.cookie, undefined]);
  });
});

describe('the probe of health', () => {
  test.each([
    [200, { database: 'up', llm: 'up' }, undefined],
    [200, { database: 'up', llm: 'degraded', redis: 'down' }, undefined],
    [503, { database: 'down', llm: 'up' }, 'down: database'],
    [200, { database: 'up' }, 'down: llm'],
    [503, { database: 'up', llm: 'up' }, 'status 503'],
  ])('of status %i with %j complains of %s', async (status, components, why) => {
    service.serve = answering(status, 'v2', { components });

    expect(await sampleHealth(HEALTH, visit())).toMatchObject({ breach: why !== undefined, why });
  });

  test('of a report without components says which are missing', async () => {
    service.serve = answering(200, 'v2', 'fine');

    expect(await sampleHealth(HEALTH, visit())).toMatchObject({ breach: true, why: 'down: database, llm' });
  });
});

describe('signing in', () => {
  const account = { user: 'probe', password: 'secret' };

  test('keeps the cookies without their attributes, and the token for changes', async () => {
    const headers = { 'set-cookie': ['__Host-session=abc; Secure; HttpOnly', 'lang=en; Path=/'] };
    service.serve = (_, response) => answer(response, { release: 'v2', body: { csrfToken: 'token' }, headers });

    expect(await signIn(service.entrance(), account)).toEqual({
      session: { cookie: '__Host-session=abc; lang=en', csrfToken: 'token' },
      attempts: [{ release: 'v2', failed: false, answered: true }],
    });
  });

  test.each([
    ['is refused', answering(401, 'v2')],
    ['gives no token', answering(200, 'v2', {})],
    ['fails', answering(503)],
  ])('that %s leaves no session, and does not throw', async (_, serve) => {
    service.serve = serve;

    expect((await signIn(service.entrance(), account)).session).toBeUndefined();
  });
});

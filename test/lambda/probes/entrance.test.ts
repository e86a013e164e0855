import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { send } from '../../../lambda/probes/entrance';
import { answering, nobodysUrl, StandIn } from './stand-in';

let service: StandIn;

beforeEach(async () => {
  service = await StandIn.open(answering(200, 'v2', { user: 'probe' }));
});

afterEach(() => service.close());

function ask(timeoutMs = 5_000) {
  return send(service.entrance(), { path: '/auth/me', timeoutMs });
}

test('an answer tells its status, its body and the release that gave it', async () => {
  expect(await ask()).toMatchObject({
    ...{ status: 200, body: { user: 'probe' }, attempt: { release: 'v2', failed: false, answered: true } },
  });
});

test.each([
  [500, undefined, { failed: true, answered: true }],
  [502, undefined, { failed: true, answered: false }],
  [503, undefined, { failed: true, answered: false }],
  [504, undefined, { failed: true, answered: false }],
  [503, 'v2', { failed: true, answered: true, release: 'v2' }],
  [404, undefined, { failed: false, answered: true }],
  [401, 'v1', { failed: false, answered: true, release: 'v1' }],
])('status %i by %s is %j', async (status, release, attempt) => {
  service.serve = answering(status, release);

  expect((await ask()).attempt).toEqual({ release, ...attempt });
});

test('a redirect is an answer and is not followed', async () => {
  service.serve = (_, response) => response.writeHead(302, { 'x-release': 'v2', location: '/login' }).end();

  expect(await ask()).toMatchObject({ status: 302, attempt: { release: 'v2', failed: false } });
  expect(service.asked).toEqual(['GET /auth/me']);
});

test('a body that is no JSON is no body, and still an answer', async () => {
  service.serve = answering(200, 'v2', '<html>');

  expect(await ask()).toMatchObject({ status: 200, body: undefined, attempt: { release: 'v2', failed: false } });
});

test.each([
  ['takes the request and never answers', () => undefined],
  ['hangs up before it answers', (_: unknown, response: { destroy(): void }) => response.destroy()],
  [
    'hangs up in the middle of its answer',
    (
      _: unknown,
      response: { writeHead(status: number, headers: object): void; write(text: string): void; destroy(): void },
    ) => {
      response.writeHead(200, { 'x-release': 'v2', 'content-length': '100' });
      response.write('{"user":');
      setImmediate(() => response.destroy());
    },
  ],
])('a service that %s has not answered', async (_, serve) => {
  service.serve = serve as never;

  const { status, attempt, why } = await ask(200);

  expect([status, attempt]).toEqual([0, { release: undefined, failed: true, answered: false }]);
  expect(why).toMatch(/\w/);
});

test('where nobody listens nobody has answered', async () => {
  const entrance = { ...service.entrance(), baseUrl: await nobodysUrl() };

  const { status, attempt, why } = await send(entrance, { path: '/', timeoutMs: 5_000 });

  expect([status, attempt.answered]).toEqual([0, false]);
  expect(why).toContain('ECONNREFUSED');
});

test('headers of the entrance, of the call and of its body go out together', async () => {
  let headers: object = {};
  service.serve = (request, response) => {
    headers = request.headers;
    response.end();
  };
  const entrance = { ...service.entrance(), headers: { 'x-release': 'canary', origin: 'https://coach.test' } };

  await send(entrance, { method: 'POST', path: '/', headers: { cookie: 'a=b' }, body: {}, timeoutMs: 5_000 });

  expect(headers).toMatchObject({
    ...{ 'x-release': 'canary', origin: 'https://coach.test', cookie: 'a=b', 'content-type': 'application/json' },
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SESSION_COOKIE } from '../edge/sessions';
import { hear } from './socket';
import { must, type Visitor } from './visitor';

export interface SmokeSettings {
  readonly user: string;
  readonly password: string;
  /** What a browser would name as its page's origin. */
  readonly origin: string;
  /** How long an event or an import may take. */
  readonly patienceMs: number;
}

/** One thing that must work. Throws what is wrong. */
export type Step = (visitor: Visitor, settings: SmokeSettings) => Promise<void>;

const HEADERS = {
  'content-security-policy': "default-src 'self'",
  'strict-transport-security': 'max-age=63072000',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'geolocation=()',
  'x-content-type-options': 'nosniff',
};

/** In the order in which they are tried; those after signing in need its session. */
export const STEPS: Readonly<Record<string, Step>> = {
  async 'every part is up'(visitor) {
    const { status, body } = await visitor.ask('/health');
    must('GET /health', status, 200);
    must('status', body.status, 'up');
  },

  async 'a stranger is refused, with every security header'(visitor) {
    const { status, headers } = await visitor.ask('/auth/me');
    must('GET /auth/me', status, 401);
    for (const [name, part] of Object.entries(HEADERS))
      must(`${name} has ${part}`, headers.get(name)?.includes(part) ?? false, true);
  },

  async 'signing in'(visitor, { user, password }) {
    const { status, headers, body } = await visitor.ask('/auth/login', { method: 'POST', body: { user, password } });
    must('POST /auth/login', status, 200);
    const [set = ''] = headers.getSetCookie();
    for (const part of [`${SESSION_COOKIE}=`, 'HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'])
      must(`set-cookie has ${part}`, set.includes(part), true);
    visitor.cookie = set.split(';', 1)[0] ?? '';
    visitor.csrfToken = String(body.csrfToken);
    must('GET /auth/me', (await visitor.ask('/auth/me')).body.user, user);
  },

  async 'a change without the session’s token is refused'(visitor) {
    const headers = { 'x-csrf-token': 'another', 'idempotency-key': randomUUID() };
    const { status } = await visitor.ask('/imports', { method: 'POST', headers, body: { rows: 1 } });
    must('POST /imports', status, 403);
  },

  async 'a reflection comes back over the websocket, once'(visitor, { origin, patienceMs }) {
    const id = randomUUID();
    const heard = await hear(visitor, { origin, patienceMs, id });
    must('events', JSON.stringify(heard), JSON.stringify(['accepted', 'reflected']));
  },

  async 'an import is taken once for its key, and reaches its end'(visitor, { patienceMs }) {
    const import_ = { method: 'POST', headers: { 'idempotency-key': randomUUID() }, body: { rows: 20 } } as const;
    const [first, again] = [await visitor.ask('/imports', import_), await visitor.ask('/imports', import_)];
    must('POST /imports', first.status, 202);
    must('its answer again', again.body.id, first.body.id);
    must('state', await endOf(visitor, String(first.body.id), patienceMs), 'done');
  },

  async 'the AI answers the same question the same way'(visitor) {
    const question = { method: 'POST', body: { prices: [1, 2, 4, 3], window: 2 } } as const;
    const [first, again] = [await visitor.ask('/indicators', question), await visitor.ask('/indicators', question)];
    must('POST /indicators', first.status, 200);
    must('its answer again', JSON.stringify(again.body), JSON.stringify(first.body));
  },

  async 'a body that is too large is refused'(visitor) {
    const body = { text: 'x'.repeat(300 * 1024) };
    must('POST /indicators', (await visitor.ask('/indicators', { method: 'POST', body })).status, 413);
  },

  async 'signing out'(visitor) {
    must('POST /auth/logout', (await visitor.ask('/auth/logout', { method: 'POST' })).status, 200);
    must('GET /auth/me', (await visitor.ask('/auth/me')).status, 401);
  },
};

const LOOK_MS = 200;

async function endOf(visitor: Visitor, id: string, patienceMs: number): Promise<unknown> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const { body } = await visitor.ask(`/imports/${id}`);
    if (body.state === 'done' || body.state === 'failed' || Date.now() > until) return body.state;
    await delay(LOOK_MS);
  }
}

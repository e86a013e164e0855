import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FlagValues } from '../flags/flags';
import { answerErrors } from '../running/errors';
import type { CoreAnswer, CoreClient } from './core-client';
import { repeatsToken, SESSION_COOKIE, type Session, type Sessions } from './sessions';

interface Surroundings {
  readonly sessions: Sessions;
  readonly core: CoreClient;
  readonly signInsPerMinute: number;
  readonly flags: () => FlagValues;
}

declare module 'fastify' {
  interface FastifyRequest {
    session?: Session;
  }
}

const OPEN = ['/healthz', '/readyz', '/health', '/auth/login'];
const COOKIE = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** What the front answers. Everything but signing in needs a session; everything that changes something also its token. */
export function routes(app: FastifyInstance, around: Surroundings): void {
  const { sessions, core } = around;
  app.addHook('preHandler', (request, reply) => admit(sessions, request, reply));
  signingIn(app, around);
  app.get('/auth/me', async (request, reply) =>
    pass(reply, await core.call({ method: 'GET', path: '/users/me', ...token(request) })),
  );
  app.get('/flags', async () => around.flags());
  app.post('/imports', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' ? key : undefined;
    return pass(
      reply,
      await core.call({ method: 'POST', path: '/imports', ...token(request), idempotencyKey, body: request.body }),
    );
  });
  app.get<{ Params: { id: string } }>('/imports/:id', async (request, reply) => {
    const path = `/imports/${encodeURIComponent(request.params.id)}`;
    return pass(reply, await core.call({ method: 'GET', path, ...token(request) }));
  });
  app.post('/indicators', async (request, reply) => {
    return pass(reply, await core.call({ method: 'POST', path: '/indicators', ...token(request), body: request.body }));
  });
  answerErrors(app, 'the service behind did not answer', 502);
}

async function admit(
  sessions: Sessions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (OPEN.includes(request.routeOptions.url ?? '')) return undefined;
  request.session = await sessions.find(request.cookies[SESSION_COOKIE]);
  if (!request.session) return reply.code(401).send({ error: 'sign in first' });
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && !repeatsToken(request.session, request.headers['x-csrf-token']))
    return reply.code(403).send({ error: 'x-csrf-token: expected the token that signing in answered' });
  return undefined;
}

function signingIn(app: FastifyInstance, { sessions, core, signInsPerMinute }: Surroundings): void {
  const limit = { rateLimit: { max: signInsPerMinute, timeWindow: '1 minute' } };
  app.post<{ Body: { user?: unknown; password?: unknown } }>(
    '/auth/login',
    { config: limit },
    async ({ body }, reply) => {
      const { user, password } = body ?? {};
      if (typeof user !== 'string' || typeof password !== 'string')
        return reply.code(400).send({ error: 'expected user and password' });
      const answer = await core.signIn(user, password);
      if (answer.status !== 200) return pass(reply, answer);
      const { token: issued, account, role } = answer.body as { token: string; account: string; role: string };
      const { id, csrfToken } = await sessions.create({ account, role, token: issued });
      return reply.setCookie(SESSION_COOKIE, id, COOKIE).send({ user: account, csrfToken });
    },
  );
  app.post('/auth/logout', async (request, reply) => {
    await sessions.end(request.cookies[SESSION_COOKIE] ?? '');
    return reply.clearCookie(SESSION_COOKIE, COOKIE).send({});
  });
}

function token({ session }: FastifyRequest): { token: string } {
  return { token: session?.token ?? '' };
}

function pass(reply: FastifyReply, { status, body }: CoreAnswer): FastifyReply {
  return reply.code(status).send(body);
}

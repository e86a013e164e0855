import { type FastifyInstance, fastify } from 'fastify';
import { isPassword } from '../identity/passwords';
import { SIGNATURE_HEADER, SignatureVerifier, signRequest } from '../identity/signature';
import { type Caller, openSigningKey, signingKeySource, Tokens } from '../identity/tokens';
import { answerWithRelease, forwarded } from '../release/contract';
import { type Health, reportHealth } from '../release/health';
import { answerErrors } from '../running/errors';
import { writeMetric } from '../running/metric';
import { logOptions, type Running } from '../running/program';
import { stopServer } from '../running/server';
import { COMMON, type SettingsOf, secrets, text, url, whole, withDefault } from '../settings';
import { type Cache, openCache } from '../store/cache';
import { connectionOf, DATABASE_SETTINGS, type Database, openDatabase, warmUp } from '../store/database';
import { Queues } from '../store/queue';
import { changes } from './changes';
import { EVENT_CHANNEL } from './channels';
import { type Dispatch, OutboxDispatcher } from './outbox';
import { resumeWaiting } from './sweeper';

const STORE = url('redis:', 'rediss:', 'postgres:', 'postgresql:');

export const CORE_SETTINGS = {
  ...COMMON,
  ...DATABASE_SETTINGS,
  poolSize: ['DATABASE_POOL', withDefault(8, whole(1, 100))],
  cacheUrl: ['CACHE_URL', STORE],
  queueUrl: ['QUEUE_URL', STORE],
  aiUrl: ['AI_URL', url('http:', 'https:')],
  aiSecrets: ['AI_HMAC_SECRETS', secrets],
  edgeSecrets: ['EDGE_HMAC_SECRETS', secrets],
  signingKey: ['JWT_SIGNING_KEY', signingKeySource],
  metricNamespace: ['METRIC_NAMESPACE', withDefault('coach', text)],
  metricEveryMs: ['METRIC_EVERY_MS', withDefault(30_000, whole(100, 300_000))],
  outboxGraceMs: ['OUTBOX_GRACE_MS', withDefault(10_000, whole(100, 600_000))],
  outboxPollMs: ['OUTBOX_POLL_MS', withDefault(1_000, whole(20, 60_000))],
} as const;
export type CoreSettings = SettingsOf<typeof CORE_SETTINGS>;

/** What the service is made of; a part can be put in place of another. */
export interface CoreParts {
  /** Makes the function that hands events on. */
  readonly dispatchTo: (cache: Cache) => Dispatch;
}

export const CORE_PARTS: CoreParts = {
  dispatchTo: (cache) => (event) => cache.publish(EVENT_CHANNEL, JSON.stringify(event)),
};

export interface CoreService extends Running {
  readonly app: FastifyInstance;
  listen(): Promise<string>;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
  }
}

/** The Core API: accounts, reflections and imports, behind the Edge. */
export async function startCore(settings: CoreSettings, parts: CoreParts = CORE_PARTS): Promise<CoreService> {
  const { release, port, host, logLevel } = settings;
  const connection = connectionOf(settings);
  const app = fastify({ logger: logOptions(logLevel, 'core', release), forceCloseConnections: 'idle' });
  const database = openDatabase({ ...connection, max: settings.poolSize }, app.log);
  const cache = await openCache(settings.cacheUrl, app.log);
  const queues = new Queues(settings.queueUrl);
  const outbox = new OutboxDispatcher(
    database,
    { release, graceMs: settings.outboxGraceMs, pollMs: settings.outboxPollMs },
    parts.dispatchTo(cache),
    app.log,
  );
  const sweeper = resumeWaiting(database, queues, app.log);
  const metrics = setInterval(() => publishLags(settings.metricNamespace, outbox), settings.metricEveryMs);
  const health = healthOf(release, database, cache);
  answerWithRelease(app, release);
  answerErrors(app);
  reportHealth(app, health);
  const tokens = new Tokens(await openSigningKey(settings.signingKey));
  const verifier = new SignatureVerifier(settings.edgeSecrets, (nonce, ttl) => cache.claim(`nonce:${nonce}`, '', ttl));
  identify(app, { database, tokens, verifier });
  changes(app, { release, database, queues });
  askAi(app, settings);
  return {
    app,
    listen: async () => {
      outbox.start(connection);
      await warmUp(database, Math.ceil(settings.poolSize / 2));
      return app.listen({ port, host });
    },
    stop: async () => {
      await stopServer(app, health, settings.drainMs);
      clearInterval(metrics);
      sweeper.stop();
      await outbox.stop();
      await queues.close();
      await cache.close();
      await database.end();
    },
  };
}

function publishLags(namespace: string, outbox: OutboxDispatcher): void {
  const lags = outbox.takeLags();
  if (lags.length > 0) writeMetric(namespace, { Service: 'core' }, { event_delivery_lag_ms: lags });
}

function healthOf(release: string, database: Database, cache: Cache): Health {
  return {
    draining: false,
    isReady: () => true,
    release,
    components: {
      database: async () => {
        await database.query('select 1');
        return 'up';
      },
      cache: async () => {
        await cache.ping();
        return 'up';
      },
    },
  };
}

interface Identity {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly verifier: SignatureVerifier;
}

/** Paths that need no token: health, and the keys by which tokens are verified. Signing in is signed by the Edge instead. */
const OPEN = ['/healthz', '/readyz', '/health', '/.well-known/jwks.json'];
const SIGN_IN = '/tokens';

function identify(app: FastifyInstance, { database, tokens, verifier }: Identity): void {
  app.addHook('preHandler', async (request, reply) => {
    const { method, url: path, body, headers } = request;
    if (OPEN.includes(path)) return;
    if (path === SIGN_IN) {
      const refusal = await verifier.refuse({ method, path, body: JSON.stringify(body) }, headers[SIGNATURE_HEADER]);
      return refusal ? reply.code(401).send({ error: refusal }) : undefined;
    }
    request.caller = tokens.callerOf(headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (!request.caller) return reply.code(401).send({ error: 'authorization: expected a valid token' });
  });
  app.get('/.well-known/jwks.json', async () => tokens.jwks());
  app.post<{ Body: { user?: string; password?: string } }>(
    SIGN_IN,
    async ({ body: { user = '', password = '' } }, reply) => {
      const { rows } = await database.query('select password, role from accounts where name = $1', [user]);
      if (!(await isPassword(password, rows[0]?.password)))
        return reply.code(401).send({ error: 'wrong user or password' });
      const caller: Caller = { account: user, role: rows[0].role };
      return { token: await tokens.issue(caller), ...caller };
    },
  );
  app.get('/users/me', async ({ caller }) => {
    const { rows } = await database.query('select name, role from accounts where name = $1', [caller?.account]);
    return { user: rows[0]?.name, role: rows[0]?.role };
  });
}

const AI_TIMEOUT_MS = 10_000;

/** Pass a question on to the AI, signed, on the release path it came by. */
function askAi(app: FastifyInstance, { aiUrl, aiSecrets }: CoreSettings): void {
  app.post('/indicators', async (request, reply) => {
    const body = JSON.stringify(request.body);
    const signature = signRequest({ method: 'POST', path: '/indicators', body }, aiSecrets);
    const answer = await fetch(`${aiUrl}/indicators`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature, ...forwarded(request.headers) },
      body,
      signal: AbortSignal.timeout(AI_TIMEOUT_MS),
    });
    return reply.code(answer.status).send(await answer.json());
  });
}

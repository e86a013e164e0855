import cookies from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { type FastifyInstance, fastify } from 'fastify';
import { EVENT_CHANNEL } from '../core/channels';
import { Flags, SAFEST } from '../flags/flags';
import { answerWithRelease, opening } from '../release/contract';
import { type Health, reportHealth } from '../release/health';
import { PointerReader } from '../release/pointer';
import { writeMetric } from '../running/metric';
import { logOptions, type Running } from '../running/program';
import { stopServer } from '../running/server';
import { COMMON, list, optional, type SettingsOf, secrets, text, url, whole, withDefault } from '../settings';
import { openCache } from '../store/cache';
import { CoreClient } from './core-client';
import { routes } from './routes';
import { Sessions } from './sessions';
import { Sockets } from './sockets';

export const EDGE_SETTINGS = {
  ...COMMON,
  coreUrl: ['CORE_URL', url('http:', 'https:')],
  cacheUrl: ['CACHE_URL', url('redis:', 'rediss:', 'postgres:', 'postgresql:')],
  edgeSecrets: ['EDGE_HMAC_SECRETS', secrets],
  allowedOrigins: ['ALLOWED_ORIGINS', list],
  /** Who may say on whose behalf they ask: the CDN's way in and the balancer, both with private addresses. */
  trustedProxies: ['TRUSTED_PROXIES', withDefault(['loopback', 'linklocal', 'uniquelocal'], list)],
  requestsPerMinute: ['REQUESTS_PER_MINUTE', withDefault(600, whole(1, 1_000_000))],
  signInsPerMinute: ['SIGN_INS_PER_MINUTE', withDefault(20, whole(1, 1_000_000))],
  messagesPerMinute: ['MESSAGES_PER_MINUTE', withDefault(600, whole(1, 1_000_000))],
  flags: ['FLAGS_URL', optional(url('http:', 'https:'))],
  metricNamespace: ['METRIC_NAMESPACE', withDefault('coach', text)],
} as const;
export type EdgeSettings = SettingsOf<typeof EDGE_SETTINGS>;

export interface EdgeService extends Running {
  readonly app: FastifyInstance;
  listen(): Promise<string>;
}

const METRIC_EVERY_MS = 30_000;

/** The Edge: the only service users reach. It keeps their sessions and speaks to Core for them. */
export async function startEdge(settings: EdgeSettings): Promise<EdgeService> {
  const { release, port, host, logLevel, allowedOrigins, messagesPerMinute } = settings;
  const app = fastify({
    ...{
      logger: logOptions(logLevel, 'edge', release),
      trustProxy: [...settings.trustedProxies],
      forceCloseConnections: 'idle',
      bodyLimit: 256 * 1024,
    },
  });
  const pointer = new PointerReader(settings.pointer, (error) =>
    app.log.warn({ error: String(error) }, 'cannot read the pointer'),
  );
  const cache = await openCache(settings.cacheUrl, app.log);
  const sessions = new Sessions(cache);
  const core = new CoreClient(settings.coreUrl, settings.edgeSecrets, () => opening(release, pointer));
  const flags = settings.flags === undefined ? undefined : new Flags(settings.flags, app.log);
  const health: Health = {
    ...{ draining: false, release, isReady: () => pointer.isKnown },
    components: { cache: async () => cache.ping().then(() => 'up') },
  };
  const isDraining = () => health.draining;
  const limits = { allowedOrigins, messagesPerMinute, isDraining };
  const sockets = new Sockets({ release, channel: EVENT_CHANNEL, ...limits }, core);
  answerWithRelease(app, release);
  await guard(app, settings);
  reportHealth(app, health);
  routes(app, { sessions, core, signInsPerMinute: settings.signInsPerMinute, flags: () => flags?.all ?? SAFEST });
  await sockets.attach(app, cache);
  const metrics = setInterval(() => {
    writeMetric(settings.metricNamespace, { Service: 'edge' }, { open_connections: sockets.open });
  }, METRIC_EVERY_MS);
  return {
    app,
    listen: async () => {
      await pointer.follow(settings.pointerEveryMs);
      await flags?.follow();
      return app.listen({ port, host });
    },
    stop: async () => {
      clearInterval(metrics);
      pointer.stop();
      flags?.stop();
      await stopServer(app, health, settings.drainMs);
      await cache.close();
    },
  };
}

/** What a browser may do with an answer, and how often anybody may ask. */
async function guard(app: FastifyInstance, { requestsPerMinute }: EdgeSettings): Promise<void> {
  await app.register(cookies);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'self'"], frameAncestors: ["'none'"], objectSrc: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: true },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
  app.addHook('onRequest', async (_, reply) => {
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()');
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    // never by anything that the caller chooses, or each request would have a limit of its own
    keyGenerator: ({ ip }) => ip,
    allowList: ({ url: path }) => ['/healthz', '/readyz', '/health'].includes(path ?? ''),
  });
}

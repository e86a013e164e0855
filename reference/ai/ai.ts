import { type FastifyInstance, fastify } from 'fastify';
import { SIGNATURE_HEADER, SignatureVerifier } from '../identity/signature';
import { answerWithRelease } from '../release/contract';
import { type Health, reportHealth } from '../release/health';
import { answerErrors } from '../running/errors';
import { logOptions, type Running } from '../running/program';
import { stopServer } from '../running/server';
import { COMMON, type SettingsOf, secrets } from '../settings';
import { type Compute, computeIndicators, refuseRequest } from './indicators';

export const AI_SETTINGS = { ...COMMON, hmacSecrets: ['AI_HMAC_SECRETS', secrets] } as const;
export type AiSettings = SettingsOf<typeof AI_SETTINGS>;

/** What the service is made of; a part can be put in place of another. */
export interface AiParts {
  readonly compute: Compute;
}

const MOST_BODY_BYTES = 256 * 1024;

/** The AI service: deterministic indicators for callers that sign their requests. */
export async function startAi(
  settings: AiSettings,
  parts: AiParts = { compute: computeIndicators },
): Promise<AiService> {
  const { release, port, host, logLevel, hmacSecrets } = settings;
  const app = fastify({
    logger: logOptions(logLevel, 'ai', release),
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: 'idle',
  });
  const health: Health = { draining: false, isReady: () => true, components: {}, release };
  answerWithRelease(app, release);
  reportHealth(app, health);
  acceptSigned(app, new SignatureVerifier(hmacSecrets));
  app.post('/indicators', async (request, reply) => {
    const body = JSON.parse(String(request.body));
    const refusal = refuseRequest(body);
    return refusal ? reply.code(400).send({ error: refusal }) : parts.compute(body);
  });
  return { app, listen: () => app.listen({ port, host }), stop: () => stopServer(app, health, settings.drainMs) };
}

export interface AiService extends Running {
  readonly app: FastifyInstance;
  listen(): Promise<string>;
}

/** A body stays text until its signature is verified: what was signed is the text. */
function acceptSigned(app: FastifyInstance, verifier: SignatureVerifier): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
  app.addHook('preHandler', async ({ method, url, body, headers }, reply) => {
    if (method !== 'POST') return;
    const refusal = await verifier.refuse({ method, path: url, body: String(body) }, headers[SIGNATURE_HEADER]);
    if (refusal) return reply.code(401).send({ error: refusal });
  });
  answerErrors(app);
}

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { PointerReader } from './pointer';

export const RELEASE_HEADER = 'x-release';

/** Every answer says which release gave it, errors and refusals too. */
export function answerWithRelease(app: FastifyInstance, release: string): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.header(RELEASE_HEADER, release);
  });
}

/** Headers by which the calls made for a request stay on its release path. */
export function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const release = headers[RELEASE_HEADER];
  return typeof release === 'string' ? { [RELEASE_HEADER]: release } : {};
}

/** The same for a service at the head of the path: while it is the canary, it opens the path itself. */
export function opening(release: string, pointer: PointerReader): Record<string, string> {
  return pointer.names(release) ? { [RELEASE_HEADER]: release } : {};
}

import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Keep a share of the requests to a path waiting before they are served. */
export function slowDown(app: FastifyInstance, path: string, delayOf: () => number): void {
  app.addHook('preHandler', async ({ url }) => {
    const ms = url === path ? delayOf() : 0;
    if (ms > 0) await delay(ms);
  });
}

/** Answer a share of the requests to a path 500. */
export function breakDown(app: FastifyInstance, path: string, breaks: () => boolean): void {
  app.addHook('preHandler', async ({ url }, reply) => {
    if (url === path && breaks()) return reply.code(500).send({ error: 'internal error' });
  });
}

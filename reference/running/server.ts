import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Health } from '../release/health';

/** Turn traffic away, give the balancer time to notice, then finish the requests that are under way. */
export async function stopServer(app: FastifyInstance, health: Health, drainMs: number): Promise<void> {
  health.draining = true;
  await delay(drainMs);
  await app.close();
}

import { Redis } from 'ioredis';
import type { Store } from './store';

/**
 * A server that somebody else runs. Two rehearsals on it are kept apart by their queues' prefix.
 *
 * @throws Error when it cannot be reached
 */
export async function givenRedis(url: string): Promise<Store> {
  const { host } = new URL(url);
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new Error(`REDIS_URL: cannot reach ${host}, ${(cause as Error).message}`);
  }
  let stopped = false;
  return {
    url,
    description: `Redis from REDIS_URL, ${host}`,
    lost: new Promise((resolve) => {
      client.once('end', () => stopped || resolve(new Error(`REDIS_URL: ${host} closed the connection`)));
    }),
    stop: async () => {
      stopped = true;
      client.disconnect();
    },
  };
}

import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Store } from './store';

const PREFIX = 'sluice_rehearsal_';
const KEYS_AT_ONCE = 1_000;

/**
 * A server that somebody else runs. Everything of this rehearsal has a prefix of its own there, by which it is dropped at the end.
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
  const prefix = `${PREFIX}${randomBytes(4).toString('hex')}:`;
  const own = new URL(url);
  own.searchParams.set('prefix', prefix);
  let stopped = false;
  return {
    url: own.href,
    description: `Redis from REDIS_URL, ${host}`,
    lost: new Promise((resolve) => {
      client.once('end', () => stopped || resolve(new Error(`REDIS_URL: ${host} closed the connection`)));
    }),
    stop: async () => {
      stopped = true;
      // a server that went away has nothing to drop
      await drop(client, prefix).catch(() => undefined);
      client.disconnect();
    },
  };
}

async function drop(client: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_AT_ONCE);
    if (keys.length > 0) await client.unlink(keys);
    cursor = next;
  } while (cursor !== '0');
}

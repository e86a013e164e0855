import { Redis } from 'ioredis';
import type { Cache } from './cache';
import type { SharedLog } from './log';

export async function redisCache(url: string, log: SharedLog): Promise<Cache> {
  const commands = connect(url, log);
  const messages = connect(url, log);
  const close = () => {
    commands.disconnect();
    messages.disconnect();
  };
  await commands.ping().catch((error) => {
    close();
    throw error;
  });
  return {
    get: async (key) => (await commands.get(key)) ?? undefined,
    set: async (key, value, ttlSeconds) => void (await commands.set(key, value, 'EX', ttlSeconds)),
    delete: async (key) => void (await commands.del(key)),
    claim: async (key, value, ttlSeconds) => (await commands.set(key, value, 'EX', ttlSeconds, 'NX')) === 'OK',
    publish: async (channel, message) => void (await commands.publish(channel, message)),
    subscribe: async (channel, onMessage) => {
      messages.on('message', (from: string, message: string) => from === channel && onMessage(message));
      await messages.subscribe(channel);
    },
    ping: async () => void (await commands.ping()),
    close: async () => close(),
  };
}

/** Commands wait while the connection is made anew, but not for ever. */
function connect(url: string, log: SharedLog): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 3 });
  redis.on('error', (error: Error) => log.warn({ error: error.message }, 'cache connection lost'));
  return redis;
}

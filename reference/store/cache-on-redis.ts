import { Redis } from 'ioredis';
import type { Cache } from './cache';
import type { SharedLog } from './log';
import { prefixOf } from './redis-prefix';

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
  const prefix = prefixOf(url);
  const own = (name: string) => prefix + name;
  return {
    get: async (key) => (await commands.get(own(key))) ?? undefined,
    set: async (key, value, ttlSeconds) => void (await commands.set(own(key), value, 'EX', ttlSeconds)),
    delete: async (key) => void (await commands.del(own(key))),
    claim: async (key, value, ttlSeconds) => (await commands.set(own(key), value, 'EX', ttlSeconds, 'NX')) === 'OK',
    publish: async (channel, message) => void (await commands.publish(own(channel), message)),
    subscribe: async (channel, onMessage) => {
      messages.on('message', (from: string, message: string) => from === own(channel) && onMessage(message));
      await messages.subscribe(own(channel));
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

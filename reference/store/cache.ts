import { postgresCache } from './cache-on-postgres';
import { redisCache } from './cache-on-redis';
import type { SharedLog } from './log';

export type OnMessage = (message: string) => void;

/** Short-lived values and messages between tasks. Nothing in it must survive. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Set unless it is set already. Returns whether it was this call that set it. */
  claim(key: string, value: string, ttlSeconds: number): Promise<boolean>;
  publish(channel: string, message: string): Promise<void>;
  /** Hear every message published after this resolved, on any task. */
  subscribe(channel: string, onMessage: OnMessage): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** @param url `redis:` or `rediss:` for Valkey; `postgres:` where a machine has no Valkey */
export function openCache(url: string, log: SharedLog): Promise<Cache> {
  return url.startsWith('redis') ? redisCache(url, log) : postgresCache(url, log);
}

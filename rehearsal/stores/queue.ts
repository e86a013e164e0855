import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Child } from '../processes/child';
import type { RunFolder } from '../processes/run-folder';
import { onFreePort } from './free-port';
import { givenRedis } from './given-redis';
import type { Store } from './store';

const READY_WITHIN_MS = 10_000;
const NAMES = ['valkey-server', 'redis-server'];

/** Memory must refuse rather than forget: a queue that evicts loses jobs. */
const SETTINGS = ['--save', '', '--appendonly', 'no', '--maxmemory', '64mb', '--maxmemory-policy', 'noeviction'];

/**
 * Where jobs wait: the server that `REDIS_URL` names, else a Valkey or Redis from the PATH, else tables in this rehearsal's
 * PostgreSQL, which BullMQ can use as well.
 *
 * @throws Error with what the server wrote, when it does not come up
 */
export async function startQueue(folder: RunFolder, postgres: Store): Promise<Store> {
  const given = process.env.REDIS_URL;
  if (given) return givenRedis(given);
  const command = NAMES.map(onPath).find((path) => path !== undefined);
  return command ? ownServer(command, folder) : inPostgres(postgres);
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function ownServer(command: string, folder: RunFolder): Promise<Store> {
  const { child, port } = await onFreePort((free) => serve(command, folder, free));
  return {
    url: `redis://127.0.0.1:${port}`,
    description: `${command}, 127.0.0.1:${port}`,
    lost: new Promise((resolve) => {
      child.ended.then((ending) => child.wasStopped || resolve(child.failure(`ended with ${ending} in the middle`)));
    }),
    stop: () => child.stop(),
  };
}

async function serve(command: string, folder: RunFolder, port: number) {
  const child = await Child.start(folder, {
    name: 'queue',
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.folder('queue'), ...SETTINGS],
  });
  try {
    await child.firstLine((line) => /Ready to accept connections/i.test(line) || undefined, READY_WITHIN_MS);
    return { child, port };
  } catch (cause) {
    await child.stop();
    throw cause;
  }
}

function inPostgres(postgres: Store): Store {
  return {
    url: postgres.url,
    description: 'in PostgreSQL, as neither redis-server nor valkey-server is on the PATH and REDIS_URL is not set',
    lost: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}

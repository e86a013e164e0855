import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../processes/child';
import type { RunFolder } from '../processes/run-folder';
import { onFreePort } from './free-port';
import { givenPostgres } from './given-postgres';
import { findPostgres, isRoot, type PostgresBinaries } from './postgres-binaries';
import type { Store } from './store';

/** `nobody` on Linux and most BSDs: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const READY_WITHIN_MS = 30_000;
const PASSWORD = 'rehearsal';

/** Nothing in this database must survive the rehearsal, so it need not survive a power cut either. */
const THROW_AWAY = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'dynamic_shared_memory_type=mmap'];
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=300',
  'shared_buffers=64MB',
  ...THROW_AWAY,
];

/**
 * A PostgreSQL of this rehearsal's own, or a database of its own on the server that `DATABASE_URL` names.
 *
 * @param root the folder that holds `node_modules`
 * @throws Error with what the server wrote, when it does not come up
 */
export async function startPostgres(root: string, folder: RunFolder): Promise<Store> {
  const given = process.env.DATABASE_URL;
  if (given) return givenPostgres(given);
  const binaries = findPostgres(root, folder);
  const runAs = isRoot() ? NOBODY : undefined;
  const data = await initialise(binaries, folder, runAs);
  const { child, port } = await serve(binaries, folder, { data, runAs });
  return {
    url: `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    description: `PostgreSQL from ${binaries.origin}, 127.0.0.1:${port}`,
    lost: new Promise((resolve) => {
      child.ended.then((ending) => child.wasStopped || resolve(child.failure(`ended with ${ending} in the middle`)));
    }),
    stop: () => child.stop(),
  };
}

async function initialise(binaries: PostgresBinaries, folder: RunFolder, runAs?: number): Promise<string> {
  const data = join(folder.folder('postgres'), 'data');
  const passwordFile = join(folder.folder('postgres'), 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, PASSWORD);
  if (runAs !== undefined) {
    chmodSync(folder.path, 0o711);
    for (const path of [data, passwordFile]) chownSync(path, runAs, runAs);
  }
  const initdb = await Child.start(folder, {
    name: 'initdb',
    command: binaries.initdb,
    args: [`--pgdata=${data}`, '--username=postgres', '--auth=password', `--pwfile=${passwordFile}`, ...INITDB],
    runAs,
  });
  const ending = await initdb.ended;
  if (ending !== 'exit code 0') throw initdb.failure(`ended with ${ending}`);
  return data;
}

/** One round of hashing is enough for a password that everybody may know, and a release's first connections cost no more than later ones. */
const INITDB = ['--no-sync', '--no-locale', '--encoding=UTF8', '--set=scram_iterations=1'];

interface Cluster {
  readonly data: string;
  readonly runAs?: number;
}

function serve(binaries: PostgresBinaries, folder: RunFolder, { data, runAs }: Cluster) {
  return onFreePort(async (port) => {
    const child = await Child.start(folder, {
      name: 'postgres',
      command: binaries.postgres,
      args: ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
      runAs,
      // Immediate shutdown: the data is thrown away, and clients are not waited for.
      endSignal: 'SIGQUIT',
    });
    try {
      await child.firstLine((line) => line.includes('ready to accept connections') || undefined, READY_WITHIN_MS);
      return { child, port };
    } catch (cause) {
      await child.stop();
      throw cause;
    }
  });
}

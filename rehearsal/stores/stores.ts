import { Client } from 'pg';
import { migrate } from '../../reference/migrate/migrate';
import { type SeedAccount, seed } from '../../reference/seed/seed';
import { Queues } from '../../reference/store/queue';
import type { RunFolder } from '../processes/run-folder';
import { LagProxy } from './lag-proxy';
import { startPostgres } from './postgres';
import { startQueue } from './queue';
import type { Store } from './store';

/** PostgreSQL and the queue, migrated and seeded, PostgreSQL behind a line that can be made bad. */
export interface Stores {
  /** Through the line. */
  readonly databaseUrl: string;
  /** Around it. */
  readonly directUrl: string;
  /** Not through the line: where the queue is a store of its own, it does not share the database's either. */
  readonly queueUrl: string;
  readonly line: LagProxy;
  /** For people: what each store is. */
  readonly descriptions: readonly string[];
  /** Resolves with the reason when a store goes away before it was stopped. */
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}

interface Needs {
  readonly root: string;
  readonly migrations: string;
  readonly accounts: readonly SeedAccount[];
}

/** @throws Error when a store does not come up; what did come up is stopped again */
export async function startStores(folder: RunFolder, { root, migrations, accounts }: Needs): Promise<Stores> {
  const postgres = await startPostgres(root, folder);
  const started: Store[] = [postgres];
  const stop = async () => {
    for (const store of started.reverse()) await store.stop();
  };
  try {
    const queue = await startQueue(folder, postgres);
    started.push(queue);
    await prepare(postgres.url, migrations, accounts);
    await Queues.migrate(queue.url);
    return await behindLine(postgres, queue, stop);
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function prepare(url: string, migrations: string, accounts: readonly SeedAccount[]): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await migrate(client, migrations);
    await seed(client, accounts);
  } finally {
    await client.end();
  }
}

async function behindLine(postgres: Store, queue: Store, stop: () => Promise<void>): Promise<Stores> {
  const { hostname, port } = new URL(postgres.url);
  const line = new LagProxy({ host: hostname, port: Number(port || 5432) });
  const databaseUrl = await line.listen(postgres.url);
  return {
    ...{ databaseUrl, line },
    directUrl: postgres.url,
    queueUrl: queue.url,
    descriptions: [postgres.description, `queue: ${queue.description}`],
    lost: Promise.race([postgres.lost, queue.lost]),
    stop: async () => {
      line.close();
      await stop();
    },
  };
}

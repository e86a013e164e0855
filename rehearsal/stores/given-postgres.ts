import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Store } from './store';

const PREFIX = 'sluice_rehearsal_';
/** Any constant will do: rehearsals that start at once take turns. */
const START_LOCK = 7_145_001;

/**
 * A database of its own on a server that somebody else runs.
 *
 * A connection stands in it as long as the rehearsal lives. A database of ours without any was left behind, and is dropped.
 *
 * @throws Error when the server cannot be reached or does not allow a database to be made
 */
export async function givenPostgres(url: string): Promise<Store> {
  const server = await connect(url);
  const name = `${PREFIX}${randomBytes(4).toString('hex')}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  const resident = await createDatabase(server, name, own.href);
  let stopped = false;
  return {
    url: own.href,
    description: `PostgreSQL from DATABASE_URL, ${own.host}`,
    lost: new Promise((resolve) => {
      resident.once('end', () => stopped || resolve(new Error(`DATABASE_URL: ${own.host} closed the connection`)));
    }),
    stop: async () => {
      stopped = true;
      await resident.end();
      await server.query(`drop database if exists ${name} with (force)`);
      await server.end();
    },
  };
}

async function createDatabase(server: Client, name: string, url: string): Promise<Client> {
  await server.query('select pg_advisory_lock($1)', [START_LOCK]);
  try {
    await dropLeftovers(server);
    await server.query(`create database ${name}`);
    return await connect(url);
  } catch (cause) {
    throw new Error(`DATABASE_URL: expected a server that lets ${server.user} make a database, got ${text(cause)}`);
  } finally {
    await server.query('select pg_advisory_unlock($1)', [START_LOCK]);
  }
}

async function dropLeftovers(server: Client): Promise<void> {
  const { rows } = await server.query<{ datname: string }>(
    `select datname from pg_database d
      where starts_with(datname, $1) and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
    [PREFIX],
  );
  for (const { datname } of rows) await server.query(`drop database if exists ${datname}`);
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  // Without a listener the server's shutdown would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    throw new Error(`DATABASE_URL: cannot reach ${new URL(url).host}, ${text(cause)}`);
  }
}

function text(cause: unknown): string {
  return (cause as Error).message || String((cause as { code?: string }).code);
}

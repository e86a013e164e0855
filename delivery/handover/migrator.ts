import { Client } from 'pg';

/** The owner of the tables. */
export const MIGRATOR = 'migrator';

const CONNECT_TIMEOUT_MS = 10_000;

export interface DatabasePlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** A token by which the migrator signs in. */
  token(): Promise<string>;
}

/** Work on a database as its migrator, over TLS whose certificate is checked. */
export async function asMigrator<T>(place: DatabasePlace, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, database, token } = place;
  const client = new Client({
    ...{ host, port, database, user: MIGRATOR, password: token, ssl: { rejectUnauthorized: true } },
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

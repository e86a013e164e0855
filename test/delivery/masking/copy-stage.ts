import { afterAll, beforeAll } from '@jest/globals';
import type { Client } from 'pg';
import { markCopy, maskCopy } from '../../../delivery/masking/mask';
import type { MaskedColumns } from '../../../lib/model/delivery';
import { RealDatabase } from '../migrations/real-database';

export const KEY = Buffer.from('a key of at least thirty-two bytes, for tests');
export const COPY = 'execution-12';

let database: RealDatabase;

beforeAll(async () => {
  database = await RealDatabase.start();
}, 60_000);

afterAll(() => database.stop(), 30_000);

/** A database marked as an isolated copy. */
export async function copyWith(sql: string): Promise<Client> {
  const client = await database.connect(await database.empty());
  await client.query(sql);
  await markCopy(client, COPY);
  return client;
}

export const mask = (client: Client, columns: MaskedColumns) => maskCopy(client, { copy: COPY, key: KEY, columns });

import { Signer } from '@aws-sdk/rds-signer';
import { Client } from 'pg';
import { RESTORE_VARIABLES, type RestoreConfig } from '../../lib/model/restore-config';
import { requireEnv } from '../env';
import { writeLog } from '../log';
import { failedClaims } from './check-restore';

const { database, checks } = JSON.parse(requireEnv(RESTORE_VARIABLES.config)) as RestoreConfig;

/** May read, and nothing else. */
const ROLE = 'backup_verify';
const CONNECT_TIMEOUT_MS = 20_000;
const STATEMENT_TIMEOUT_MS = 120_000;

/** Where a restored database stands. */
export interface RestoredPlace {
  readonly host: string;
  readonly port: number;
}

/** @throws Error if it cannot be reached or signed in to, which is a backup that does not work as well */
export async function handler({ host, port }: RestoredPlace): Promise<{ readonly problems: readonly string[] }> {
  const client = new Client({
    ...{ host, port, database, user: ROLE, ssl: { rejectUnauthorized: true } },
    ...{ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, statement_timeout: STATEMENT_TIMEOUT_MS },
    password: () => new Signer({ hostname: host, port, username: ROLE }).getAuthToken(),
  });
  client.on('error', (error) => writeLog('connection lost', { error }));
  await client.connect();
  try {
    const problems = await failedClaims(client, checks);
    writeLog('restored database looked at', { host, claims: Object.keys(checks).length, problems });
    return { problems };
  } finally {
    await client.end();
  }
}

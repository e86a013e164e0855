import { Client } from 'pg';
import { readSettings, text, url, withDefault } from '../settings';
import { connectionOf, DATABASE_SETTINGS } from '../store/database';
import { Queues } from '../store/queue';
import { migrate } from './migrate';

/** One-off task: bring the schema, and the queue's own tables where it lives in PostgreSQL, up to this image. */
async function main(): Promise<void> {
  const settings = readSettings(process.env, {
    ...DATABASE_SETTINGS,
    queueUrl: ['QUEUE_URL', url('redis:', 'rediss:', 'postgres:', 'postgresql:')],
    folder: ['MIGRATIONS', withDefault('reference/migrations', text)],
  });
  const client = new Client(connectionOf(settings));
  await client.connect();
  try {
    const applied = await migrate(client, settings.folder);
    console.log(JSON.stringify({ message: 'migrated', applied }));
  } finally {
    await client.end();
  }
  await Queues.migrate(settings.queueUrl);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

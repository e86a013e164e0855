import { Client } from 'pg';
import { readSettings, text, whole, withDefault } from '../settings';
import { connectionOf, DATABASE_SETTINGS } from '../store/database';
import { seed } from './seed';

/** One-off task: the probe account, and a number of users for environments without real ones. */
async function main(): Promise<void> {
  const settings = readSettings(process.env, {
    ...DATABASE_SETTINGS,
    probePassword: ['PROBE_PASSWORD', text],
    userPassword: ['SEED_PASSWORD', withDefault('', (value) => value ?? '')],
    users: ['SEED_USERS', withDefault(0, whole(0, 10_000))],
  });
  const { probePassword, userPassword, users } = settings;
  const client = new Client(connectionOf(settings));
  await client.connect();
  try {
    await seed(client, [
      { name: 'probe', password: probePassword, role: 'probe' },
      ...Array.from({ length: userPassword ? users : 0 }, (_, i) => ({
        ...{ name: `user-${i + 1}`, password: userPassword, role: 'user' as const },
      })),
    ]);
    console.log(JSON.stringify({ message: 'seeded', users }));
  } finally {
    await client.end();
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';

/** How to end the server, for the teardown: jest loads the two apart from each other. */
declare global {
  var endSharedPostgres: (() => Promise<void>) | undefined;
}

/**
 * One PostgreSQL for all tests of a run, each with databases of its own there. A test that needs a server of its own, as one that
 * makes roles does, deletes `DATABASE_URL`.
 */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function start(): Promise<void> {
  if (process.env.DATABASE_URL) return;
  const run = RunFolder.create();
  const postgres = await startPostgres(process.cwd(), run);
  process.env.DATABASE_URL = postgres.url;
  globalThis.endSharedPostgres = async () => {
    await postgres.stop();
    run.remove();
  };
}

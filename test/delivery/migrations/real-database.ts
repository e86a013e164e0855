import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { RunFolder } from '../../../rehearsal/processes/run-folder';
import { startPostgres } from '../../../rehearsal/stores/postgres';

/** A real PostgreSQL, with an empty database for each test. */
export class RealDatabase {
  private readonly opened: Client[] = [];
  private readonly folders: string[] = [];
  private count = 0;
  /** The server is that of other test files too. */
  private readonly id = randomInt(1_000_000_000);

  private constructor(
    private readonly run: RunFolder,
    private readonly server: Awaited<ReturnType<typeof startPostgres>>,
  ) {}

  static async start(): Promise<RealDatabase> {
    const run = RunFolder.create();
    return new RealDatabase(run, await startPostgres(process.cwd(), run));
  }

  /** @returns the URL of an empty database */
  async empty(): Promise<string> {
    this.count += 1;
    const name = `test_${this.id}_${this.count}`;
    await (await this.connect(this.server.url)).query(`create database ${name}`);
    return this.server.url.replace(/\/[^/]*$/, `/${name}`);
  }

  async connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    // The server goes away at the end of the tests, maybe before a client of it.
    client.on('error', () => undefined);
    await client.connect();
    this.opened.push(client);
    return client;
  }

  /** A folder of migrations. */
  folder(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    this.folders.push(folder);
    for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, `${name}.sql`), sql);
    return folder;
  }

  async stop(): Promise<void> {
    await Promise.all(this.opened.map((client) => client.end()));
    await this.server.stop();
    this.run.remove();
    for (const folder of this.folders) rmSync(folder, { recursive: true });
  }
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { AI_SETTINGS, startAi } from '../../reference/ai/ai';
import { CORE_PARTS, CORE_SETTINGS, type CoreParts, startCore } from '../../reference/core/core';
import { EDGE_SETTINGS, startEdge } from '../../reference/edge/edge';
import { migrate } from '../../reference/migrate/migrate';
import type { Running } from '../../reference/running/program';
import { seed } from '../../reference/seed/seed';
import { readSettings, type SharedSecret } from '../../reference/settings';
import { Queues } from '../../reference/store/queue';
import { runImport } from '../../reference/worker/import-job';
import { startWorker, WORKER_SETTINGS, type WorkerParts } from '../../reference/worker/worker';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { startPostgres } from '../../rehearsal/stores/postgres';

/** By which the services know each other. */
export const SECRETS = {
  ai: [{ kid: 'a', secret: '0123456789abcdef' }],
  edge: [{ kid: 'e', secret: '0123456789abcdef' }],
} as const;

export const ACCOUNT = { user: 'probe', password: 'correct horse battery' };

/** A whole coach of one release on a real PostgreSQL, in this process. */
export interface CoachStage {
  readonly url: string;
  /** Where the services behind the front answer. */
  readonly coreUrl: string;
  readonly aiUrl: string;
  readonly databaseUrl: string;
  setPointer(text: string): void;
  stop(): Promise<void>;
}

export interface StageParts {
  readonly release?: string;
  readonly core?: CoreParts;
  readonly worker?: WorkerParts;
  /** Settings besides those of every stage. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startCoach({
  release = 'v1',
  core: parts = CORE_PARTS,
  worker,
  environment: more,
}: StageParts = {}): Promise<CoachStage> {
  const run = await RunFolder.create();
  const postgres = await startPostgres(process.cwd(), run);
  await prepare(postgres.url);
  const folder = mkdtempSync(join(tmpdir(), 'coach-'));
  const pointerFile = join(folder, 'pointer');
  writeFileSync(pointerFile, 'none');
  const environment = { ...environmentOf(release, postgres.url, pointerFile), ...more };
  const running: Running[] = [];

  const ai = await startAi(readSettings(environment, AI_SETTINGS));
  const withAi = { ...environment, AI_URL: await ai.listen() };
  const core = await startCore(readSettings(withAi, CORE_SETTINGS), parts);
  const withCore = { ...withAi, CORE_URL: await core.listen() };
  const edge = await startEdge(readSettings(withCore, EDGE_SETTINGS));
  const url = await edge.listen();
  running.push(edge, await startWorker(readSettings(withAi, WORKER_SETTINGS), worker ?? { runImport }), core, ai);
  return {
    ...{ url, databaseUrl: postgres.url, coreUrl: withCore.CORE_URL, aiUrl: withAi.AI_URL },
    setPointer: (text) => writeFileSync(pointerFile, text),
    stop: async () => {
      for (const service of running) await service.stop();
      await postgres.stop();
      await run.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

async function prepare(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await migrate(client, 'reference/migrations');
  await seed(client, [{ name: ACCOUNT.user, password: ACCOUNT.password, role: 'probe' }]);
  await client.end();
  await Queues.migrate(databaseUrl);
}

function environmentOf(release: string, databaseUrl: string, pointerFile: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    ...{ RELEASE_ID: release, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', DRAIN_MS: '0' },
    ...{ CANARY_POINTER: `file:${pointerFile}`, CANARY_POINTER_EVERY_MS: '50', OUTBOX_POLL_MS: '50' },
    ...{ DATABASE_URL: databaseUrl, CACHE_URL: databaseUrl, QUEUE_URL: databaseUrl },
    ...{ AI_HMAC_SECRETS: asText(SECRETS.ai), EDGE_HMAC_SECRETS: asText(SECRETS.edge) },
    ...{
      JWT_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ALLOWED_ORIGINS: 'http://coach.test',
    },
  };
}

function asText(secrets: readonly SharedSecret[]): string {
  return secrets.map(({ kid, secret }) => `${kid}:${secret}`).join(',');
}

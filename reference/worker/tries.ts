import type { Database } from '../store/database';
import { ATTEMPTS, type RunningJob } from '../store/queue';
import type { AskAi } from './ai-client';
import type { RunImport } from './import-job';

/** What the tries of a queue's jobs have in common. */
export interface Surroundings {
  readonly release: string;
  readonly database: Database;
  readonly askAi: AskAi;
  readonly runImport: RunImport;
  readonly queue: string;
}

/** One try of one import. The last try that fails leaves a dead letter, and the user is told. */
export async function tryImport(
  around: Surroundings,
  { data: { id }, failures, report }: RunningJob<{ id: string }>,
): Promise<void> {
  const { database, release, askAi } = around;
  const start = `update imports set state = 'active', release = $2, updated_at = now() where id = $1 returning row_count`;
  const { rows } = await database.query(start, [id, release]);
  if (rows.length === 0) return;
  const progress = async (percent: number) => {
    await database.query('update imports set percent = $2, updated_at = now() where id = $1', [id, percent]);
    await report(percent);
  };
  try {
    await around.runImport({ id, rows: rows[0].row_count }, { database, askAi, report: progress });
    await database.query(`update imports set state = 'done', percent = 100, updated_at = now() where id = $1`, [id]);
  } catch (error) {
    if (failures + 1 >= ATTEMPTS.attempts) await bury(around, id, error as Error);
    throw error;
  }
}

async function bury({ database, queue, release }: Surroundings, id: string, { message }: Error): Promise<void> {
  await database.query(`update imports set state = 'failed', updated_at = now() where id = $1`, [id]);
  const sql = 'insert into dead_letters (queue, job_id, release, reason) values ($1, $2, $3, $4)';
  await database.query(sql, [queue, id, release, message]);
}

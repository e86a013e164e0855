import type { Database } from '../store/database';
import { inTransaction } from '../store/database';
import type { AskAi } from './ai-client';

export interface ImportJob {
  readonly id: string;
  readonly rows: number;
}

export interface ImportParts {
  readonly database: Database;
  readonly askAi: AskAi;
  /** Tell how far it is, 0 to 100. */
  readonly report: (percent: number) => Promise<void>;
}

/** Does one import. Running it again from the start gives the same rows. */
export type RunImport = (job: ImportJob, parts: ImportParts) => Promise<void>;

const STEPS = 5;
const MOST_SUMMARISED = 100;

/** Bring the rows in, step by step, then have the AI look at them. */
export const runImport: RunImport = async ({ id, rows }, { database, askAi, report }) => {
  const size = Math.ceil(rows / STEPS);
  for (let step = 0; step < STEPS; step += 1) {
    const numbers = Array.from({ length: Math.max(0, Math.min(size, rows - step * size)) }, (_, i) => step * size + i);
    await insertRows(database, id, numbers);
    await report(Math.round(((step + 1) * 90) / STEPS));
  }
  const prices = Array.from({ length: Math.min(rows, MOST_SUMMARISED) }, (_, i) => priceOf(i));
  const summary = prices.length < 2 ? {} : await askAi({ prices, window: Math.min(10, prices.length) });
  await database.query('update imports set summary = $2 where id = $1', [id, JSON.stringify(summary)]);
};

async function insertRows(database: Database, id: string, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  await inTransaction(database, async (transaction) => {
    const sql = `insert into imported_rows select $1, * from unnest($2::int[], $3::numeric[]) on conflict do nothing`;
    await transaction.query(sql, [id, numbers, numbers.map(priceOf)]);
  });
}

/** The imported file stands here: a series that is the same on every run. */
function priceOf(number: number): number {
  return 100 + ((number * 37) % 101) / 10;
}

import type { RestoreConfig } from '../../lib/model/restore-config';

/** The part of a database's client that checks need. */
export interface Asked {
  query(sql: string): Promise<{ readonly rows: readonly object[] }>;
}

/**
 * Look whether a database holds what it must.
 *
 * @returns the claims that do not hold, each with why; nothing if all do
 */
export async function failedClaims(database: Asked, checks: RestoreConfig['checks']): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [claim, sql] of Object.entries(checks)) {
    const why = await refusal(database, sql);
    if (why !== undefined) failed.push(`${claim}: ${why}`);
  }
  return failed;
}

/** A check that fails must not keep the others from being made: each is a transaction of its own, and changes nothing. */
async function refusal(database: Asked, sql: string): Promise<string | undefined> {
  try {
    await database.query('begin read only');
    const { rows } = await database.query(sql);
    const [answer] = Object.values(rows[0] ?? {});
    return answer === true ? undefined : `expected true, got ${JSON.stringify(answer ?? null)}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await database.query('rollback').catch(() => undefined);
  }
}

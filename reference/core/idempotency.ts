import { createHash } from 'node:crypto';
import type { Transaction } from '../store/database';

/** What a POST answered, to be answered again. */
export interface StoredAnswer {
  readonly status: number;
  readonly answer: unknown;
}

export interface IdempotentRequest {
  readonly account: string;
  readonly key: string;
  readonly route: string;
  readonly body: unknown;
}

/** The key was used for another request: a fault of the caller. */
export class KeyReused extends Error {
  readonly statusCode = 422;
  override readonly message =
    'idempotency-key: expected a key of its own for each request, got one that was used for another';
}

/**
 * Do work once for each key; whoever comes again gets the first answer.
 *
 * Two at once are put in order by the lock, so the second finds the first one's answer.
 */
export async function once(
  transaction: Transaction,
  { account, key, route, body }: IdempotentRequest,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const hash = createHash('sha256')
    .update(route)
    .update(JSON.stringify(body ?? null))
    .digest('hex');
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${account}/${key}`]);
  const { rows } = await transaction.query(
    'select request_hash, status, answer from idempotent_answers where account = $1 and key = $2',
    [account, key],
  );
  const [known] = rows;
  if (known && known.request_hash !== hash) throw new KeyReused();
  if (known) return { status: known.status, answer: known.answer };
  const answer = await work();
  await transaction.query(
    'insert into idempotent_answers (account, key, request_hash, status, answer) values ($1, $2, $3, $4, $5)',
    [...[account, key, hash, answer.status, JSON.stringify(answer.answer)]],
  );
  return answer;
}

import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Database, inTransaction, type Transaction } from '../store/database';
import type { Queues } from '../store/queue';
import { IMPORT_QUEUE, probeQueue } from './channels';
import { once, type StoredAnswer } from './idempotency';
import { writeEvent } from './outbox';

interface Surroundings {
  readonly release: string;
  readonly database: Database;
  readonly queues: Queues;
}

const MOST_ROWS = 10_000;
const MOST_TEXT = 2_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Everything that changes something: once for each key, with an audit row, in one transaction. */
export function changes(app: FastifyInstance, around: Surroundings): void {
  app.post('/reflections', async (request, reply) => {
    const { id, text } = (request.body ?? {}) as { id?: unknown; text?: unknown };
    if (typeof id !== 'string' || !UUID.test(id)) return refuse(reply, 'id: expected a UUID');
    if (typeof text !== 'string' || text.length > MOST_TEXT)
      return refuse(reply, `text: expected at most ${MOST_TEXT} characters`);
    return change(around, { request, reply }, { action: 'reflect', subject: id }, (transaction, account) =>
      reflect(transaction, { id, text, account, release: around.release }),
    );
  });

  app.post('/imports', async (request, reply) => {
    const { rows } = (request.body ?? {}) as { rows?: unknown };
    if (!Number.isInteger(rows) || Number(rows) < 1 || Number(rows) > MOST_ROWS)
      return refuse(reply, `rows: expected a whole number from 1 to ${MOST_ROWS}`);
    const queue = queueFor(request, around.release);
    const id = randomUUID();
    const answer = await change(around, { request, reply }, { action: 'import', subject: id }, (transaction, account) =>
      createImport(transaction, { id, account, rows: Number(rows), queue }),
    );
    if (reply.statusCode === 202) await enqueue(around, answer as { id: string; queue: string });
    return answer;
  });

  app.get<{ Params: { id: string } }>('/imports/:id', async ({ caller, params: { id } }, reply) => {
    if (!UUID.test(id)) return refuse(reply, 'id: expected a UUID');
    const sql = 'select id, state, percent, release from imports where id = $1 and account = $2';
    const { rows } = await around.database.query(sql, [id, caller?.account]);
    const [found] = rows;
    if (!found) return reply.code(404).send({ error: 'no such import' });
    return { ...found, release: found.release ?? undefined };
  });
}

function refuse(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error });
}

type Audited = { readonly action: string; readonly subject: string };
type Work = (transaction: Transaction, account: string) => Promise<StoredAnswer>;

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

async function change(
  { database, release }: Surroundings,
  { request, reply }: Exchange,
  audited: Audited,
  work: Work,
): Promise<unknown> {
  const key = request.headers['idempotency-key'];
  const account = request.caller?.account ?? '';
  if (typeof key !== 'string' || key.length < 8 || key.length > 200)
    return refuse(reply, 'idempotency-key: expected 8 to 200 characters');
  const { status, answer } = await inTransaction(database, (transaction) =>
    once(transaction, { account, key, route: request.url, body: request.body }, async () => {
      const sql = 'insert into audit_log (account, action, subject, release) values ($1, $2, $3, $4)';
      await transaction.query(sql, [account, audited.action, audited.subject, release]);
      return work(transaction, account);
    }),
  );
  reply.code(status);
  return answer;
}

interface Reflection {
  readonly id: string;
  readonly text: string;
  readonly account: string;
  readonly release: string;
}

async function reflect(transaction: Transaction, { id, text, account, release }: Reflection): Promise<StoredAnswer> {
  await transaction.query('insert into reflections (id, account, text) values ($1, $2, $3)', [id, account, text]);
  await writeEvent(transaction, { id, account, release, payload: { type: 'reflected', id } });
  return { status: 202, answer: { id } };
}

interface NewImport {
  readonly id: string;
  readonly account: string;
  readonly rows: number;
  readonly queue: string;
}

async function createImport(transaction: Transaction, { id, account, rows, queue }: NewImport): Promise<StoredAnswer> {
  const sql = 'insert into imports (id, account, row_count, queue) values ($1, $2, $3, $4)';
  await transaction.query(sql, [id, account, rows, queue]);
  return { status: 202, answer: { id, queue } };
}

/** After the commit; should it fail, the sweeper finds the import waiting and tries again. */
async function enqueue({ queues }: Surroundings, { id, queue }: { id: string; queue: string }): Promise<void> {
  await queues.add(queue, id, { id }).catch(() => undefined);
}

/**
 * The probe's jobs go to a queue that only this release's workers read, so that each arm's jobs are its own: of the jobs on the
 * users' queue the canary workers take what they can, which may well be half.
 */
function queueFor({ caller }: FastifyRequest, release: string): string {
  return caller?.role === 'probe' ? probeQueue(IMPORT_QUEUE, release) : IMPORT_QUEUE;
}

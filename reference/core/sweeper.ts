import type { Database } from '../store/database';
import type { SharedLog } from '../store/log';
import type { Queues } from '../store/queue';

/** An import that waits for so long may have lost its job: the queue keeps nothing for certain. */
const WAITING_TOO_LONG = '15 seconds';
/** A probe's job whose release went back meanwhile: nobody will ever take it. */
const ABANDONED = '10 minutes';
const EVERY_MS = 15_000;

/** Puts imports that wait back into their queue; a job that is still there is not added twice. */
export function resumeWaiting(database: Database, queues: Queues, log: SharedLog): { stop(): void } {
  const timer = setInterval(() => {
    sweep(database, queues).catch((error: Error) => log.warn({ error: error.message }, 'could not look for lost jobs'));
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

async function sweep(database: Database, queues: Queues): Promise<void> {
  await database.query(
    `update imports set state = 'failed' where state = 'waiting' and queue like '%.probe.%' and created_at < now() - $1::interval`,
    [ABANDONED],
  );
  const { rows } = await database.query(
    `select id, queue from imports where state = 'waiting' and created_at < now() - $1::interval limit 100`,
    [WAITING_TOO_LONG],
  );
  for (const { id, queue } of rows) await queues.add(queue, id, { id });
}

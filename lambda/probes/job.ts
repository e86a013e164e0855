import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeConfig } from '../../lib/model/system';
import { type Reply, send } from './entrance';
import type { Attempt, Sample } from './sample';
import { sessionHeaders } from './session';
import type { Visit } from './visit';

type JobProbe = Extract<ProbeConfig, { readonly kind: 'job' }>;

/** What `GET <path>/:id` says of a job. */
interface JobState {
  readonly state?: string;
  readonly percent?: number;
  /** The worker's release, once one took it. */
  readonly release?: string;
}

const TIMEOUT_MS = 5_000;
const LOOKS_A_BOUND = 40;
const LEAST_PAUSE_MS = 50;
const ROWS = 40;

/** Start a job and watch it to 100 %. It counts for the worker that took it; before one did, for the front that did not get it taken. */
export async function sampleJob(probe: JobProbe, visit: Visit): Promise<Sample> {
  const { entrance, session } = visit;
  const headers = { ...sessionHeaders(session), 'idempotency-key': randomUUID() };
  const started = performance.now();
  const accepted = await send(entrance, {
    ...{ method: 'POST', path: probe.path, headers, body: { rows: ROWS }, timeoutMs: TIMEOUT_MS },
  });
  const id = idOf(accepted);
  if (accepted.status !== 202 || id === undefined)
    return sampleOf(probe, visit, { accepted, attempts: [accepted.attempt], last: {}, latencyMs: accepted.latencyMs });

  const watched = await watch(probe, visit, id, started + probe.boundMs);
  const latencyMs = performance.now() - started;
  return sampleOf(probe, visit, { accepted, ...watched, attempts: [accepted.attempt, ...watched.attempts], latencyMs });
}

function idOf({ body }: Reply): string | undefined {
  const id = (body as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

interface Watched {
  readonly last: JobState;
  readonly attempts: readonly Attempt[];
}

/** Look until the job has ended or its time is over. */
async function watch({ path, boundMs }: JobProbe, visit: Visit, id: string, until: number): Promise<Watched> {
  const pauseMs = Math.max(LEAST_PAUSE_MS, boundMs / LOOKS_A_BOUND);
  const attempts: Attempt[] = [];
  let last: JobState = {};
  while (performance.now() < until && last.state !== 'done' && last.state !== 'failed') {
    await delay(pauseMs);
    const reply = await send(visit.entrance, {
      ...{ path: `${path}/${encodeURIComponent(id)}`, headers: sessionHeaders(visit.session), timeoutMs: TIMEOUT_MS },
    });
    attempts.push(reply.attempt);
    if (reply.status === 200) last = reply.body as JobState;
  }
  return { last, attempts };
}

interface Outcome extends Watched {
  readonly accepted: Reply;
  readonly latencyMs: number;
}

function sampleOf({ id, boundMs }: JobProbe, { entrance }: Visit, outcome: Outcome): Sample {
  const { accepted, last, attempts, latencyMs } = outcome;
  const why = complaint(outcome, boundMs);
  return {
    ...{ probe: id, entrance: entrance.name, release: last.release ?? accepted.attempt.release },
    ...{ answered: accepted.attempt.answered, latencyMs, breach: why !== undefined, hard: false, why, attempts },
  };
}

function complaint({ accepted, last, latencyMs }: Outcome, boundMs: number): string | undefined {
  if (accepted.status !== 202) return accepted.why ?? `status ${accepted.status}`;
  if (idOf(accepted) === undefined) return 'accepted without an id';
  if (last.state === 'failed') return 'the job failed';
  if (last.state !== 'done') return `at ${last.percent ?? 0} % after ${Math.round(latencyMs)} ms`;
  return latencyMs > boundMs ? `${Math.round(latencyMs)} ms` : undefined;
}

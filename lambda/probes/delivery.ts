import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeConfig } from '../../lib/model/system';
import type { Attempt, Sample } from './sample';
import { type Delivered, openSocket, type ProbeSocket } from './socket';
import type { Visit } from './visit';

type DeliveryProbe = Extract<ProbeConfig, { readonly kind: 'delivery' }>;

/** Two messages are enough to see one lost, one twice, or the two in the wrong order. */
const MESSAGES = 2;
/** How long a sample waits, after the last event, for one that should not come; and how often it looks. */
const LINGER_MS = 50;
const LOOK_MS = 10;

/** Send messages over a websocket of its own, and expect each back as an event: once, in order, in time. */
export async function sampleDelivery(probe: DeliveryProbe, { entrance, session }: Visit): Promise<Sample> {
  const { id, path, boundMs } = probe;
  const { socket, attempt, why: refused } = await openSocket(entrance, { path, session, timeoutMs: 2_000 + boundMs });
  const base = { probe: id, entrance: entrance.name };
  if (!socket) return { ...base, ...fromAttempt(attempt), latencyMs: 0, breach: true, hard: false, why: refused };
  const exchanged = await exchange(socket, boundMs);
  socket.close();
  const { events, latencyMs } = exchanged;
  const why = complaint(exchanged, latencyMs > boundMs ? `${Math.round(latencyMs)} ms` : undefined);
  const dispatcher = events.find(({ release }) => release !== attempt.release);
  return {
    ...{ ...base, ...fromAttempt(attempt), release: dispatcher ? dispatcher.release : attempt.release },
    ...{ latencyMs, breach: why !== undefined, hard: why?.startsWith(TWICE) ?? false, why },
  };
}

function fromAttempt(attempt: Attempt): Pick<Sample, 'release' | 'answered' | 'attempts'> {
  return { release: attempt.release, answered: attempt.answered, attempts: [attempt] };
}

interface Exchange {
  /** Of the messages, in the order in which they were sent. */
  readonly ids: readonly string[];
  /** Those of this sample's messages: the account's other samples hear theirs over this socket as well. */
  readonly events: readonly Delivered[];
  /** Until the last expected event, or until time was over. */
  readonly latencyMs: number;
}

async function exchange(socket: ProbeSocket, boundMs: number): Promise<Exchange> {
  const ids: readonly string[] = Array.from({ length: MESSAGES }, () => randomUUID());
  const started = performance.now();
  for (const id of ids) socket.send({ type: 'reflect', id, text: 'probe' });
  const own = () => socket.events.filter(({ id }) => ids.includes(id));
  const missing = () => new Set(own().map(({ id }) => id)).size < MESSAGES;
  while (missing() && !socket.closed && performance.now() - started <= boundMs) await delay(LOOK_MS);
  const arrived = missing() ? Number.POSITIVE_INFINITY : Math.max(...own().map(({ at }) => at));
  const latencyMs = Math.min(arrived, performance.now()) - started;
  await delay(LINGER_MS);
  return { ids, events: own(), latencyMs };
}

const TWICE = 'delivered twice';

function complaint({ events, ids }: Exchange, late: string | undefined): string | undefined {
  const got = events.map(({ id }) => id);
  if (got.length > new Set(got).size) return `${TWICE}: ${got.length} events for ${ids.length} messages`;
  if (got.length < ids.length) return `${ids.length - got.length} of ${ids.length} events lost`;
  if (got.some((id, i) => id !== ids[i])) return 'events out of order';
  return late;
}

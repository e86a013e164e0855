import type { ProbeConfig } from '../../lib/model/system';
import { digestOf } from './canonical-json';
import { send } from './entrance';
import type { Sample } from './sample';
import { sessionHeaders } from './session';
import type { Visit } from './visit';

type FixtureProbe = Extract<ProbeConfig, { readonly kind: 'fixture' }>;

const TIMEOUT_MS = 10_000;

/**
 * POST the fixture and compare the answer's hash with the one its release promised.
 *
 * An answer that is no success is a breach and no wrong answer: nothing was computed. A stable release that the gate never opened may
 * have promised nothing, and is held to nothing; one on trial always has.
 */
export async function sampleFixture({ id, path, body }: FixtureProbe, visit: Visit): Promise<Sample> {
  const { entrance, session, expected } = visit;
  const headers = sessionHeaders(session);
  const reply = await send(entrance, { method: 'POST', path, headers, body, timeoutMs: TIMEOUT_MS });
  const { attempt, latencyMs, status } = reply;
  const promised = attempt.release === undefined ? undefined : expected[attempt.release]?.[id];
  const got = status === 200 ? digestOf(reply.body) : undefined;
  const wrong = got !== undefined && promised !== undefined && got !== promised;
  const why = wrong ? `answer ${got.slice(0, 8)}, promised ${promised.slice(0, 8)}` : refusal(status, reply.why);
  return {
    ...{ probe: id, entrance: entrance.name, release: attempt.release, answered: attempt.answered && status === 200 },
    ...{ latencyMs, breach: why !== undefined, hard: wrong, why, attempts: [attempt] },
  };
}

function refusal(status: number, why: string | undefined): string | undefined {
  if (status === 200) return undefined;
  return status === 0 ? why : `status ${status}`;
}

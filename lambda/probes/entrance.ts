import { RELEASE_HEADER } from '../../lib/model/release';
import type { Attempt, EntranceName } from './sample';

/** A way into the system, with every attempt made through it. */
export interface Entrance {
  readonly name: EntranceName;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Headers of every request, e.g. the one that opens the test rule. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export interface Reply {
  /** 0 if nobody answered. */
  readonly status: number;
  readonly headers: Headers;
  /** The parsed answer; undefined if it is not JSON. */
  readonly body: unknown;
  readonly latencyMs: number;
  readonly attempt: Attempt;
  /** Why there was no answer. */
  readonly why?: string;
}

/** Statuses that a load balancer gives in place of a service. */
const BALANCERS_OWN = [502, 503, 504];

/** Make one request. Never throws: a failure to connect, a timeout and a broken body are replies. */
export async function send(entrance: Entrance, call: Call): Promise<Reply> {
  const started = performance.now();
  try {
    const answer = await fetch(entrance.baseUrl + call.path, requestOf(entrance, call));
    const text = await answer.text();
    return reply(answer, text, performance.now() - started);
  } catch (error) {
    const attempt = { release: undefined, failed: true, answered: false };
    const latencyMs = performance.now() - started;
    return { status: 0, headers: new Headers(), body: undefined, latencyMs, attempt, why: causeOf(error) };
  }
}

function requestOf({ headers }: Entrance, { method = 'GET', headers: more, body, timeoutMs }: Call): RequestInit {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method,
    headers: { ...headers, ...type, ...more },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  };
}

function reply(answer: Response, text: string, latencyMs: number): Reply {
  const release = answer.headers.get(RELEASE_HEADER) ?? undefined;
  const answered = release !== undefined || !BALANCERS_OWN.includes(answer.status);
  const attempt = { release, failed: answer.status >= 500, answered };
  return { status: answer.status, headers: answer.headers, body: parsed(text), latencyMs, attempt };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost reason: fetch wraps what happened to the socket, and several addresses that failed have no message together. */
function causeOf(error: unknown): string {
  const { cause, message, code, name } = error as { cause?: unknown; message?: string; code?: string; name?: string };
  return cause ? causeOf(cause) : message || code || name || String(error);
}

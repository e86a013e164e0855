import { SIGNATURE_HEADER, signRequest } from '../identity/signature';
import type { SharedSecret } from '../settings';

export interface CoreAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface CoreCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
}

const TIMEOUT_MS = 10_000;

/** Calls Core; while this Edge is the canary, each call says so. */
export class CoreClient {
  /** @param path headers that keep a call on this Edge's release path, asked anew for each call */
  constructor(
    private readonly baseUrl: string,
    private readonly secrets: readonly SharedSecret[],
    private readonly path: () => Record<string, string>,
  ) {}

  /** @throws what fetch throws when Core cannot be reached in time */
  async call({ method, path, token, idempotencyKey, body }: CoreCall): Promise<CoreAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...this.path(),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      body: text,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  }

  /** Exchange a user's password for a token. There is no token yet, so the call is signed. */
  async signIn(user: string, password: string): Promise<CoreAnswer> {
    const body = JSON.stringify({ user, password });
    const signature = signRequest({ method: 'POST', path: '/tokens', body }, this.secrets);
    const answer = await fetch(`${this.baseUrl}/tokens`, {
      method: 'POST',
      headers: { ...this.path(), 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  }
}

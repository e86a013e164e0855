import { type Entrance, send } from './entrance';
import type { Attempt } from './sample';

/** The probe account of a system. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

/** A session that every sample of a minute shares. */
export interface Session {
  readonly cookie: string;
  readonly csrfToken: string;
}

export interface SignIn {
  /** Undefined if the account could not sign in; the samples then fail by themselves. */
  readonly session: Session | undefined;
  readonly attempts: readonly Attempt[];
}

const TIMEOUT_MS = 5_000;

/** Sign in once for an entrance. */
export async function signIn(entrance: Entrance, account: Account): Promise<SignIn> {
  const { body, headers, attempt } = await send(entrance, {
    ...{ method: 'POST', path: '/auth/login', body: account, timeoutMs: TIMEOUT_MS },
  });
  const cookie = headers
    .getSetCookie()
    .map((set) => set.split(';', 1)[0])
    .join('; ');
  const csrfToken = (body as { csrfToken?: unknown } | undefined)?.csrfToken;
  const session = cookie && typeof csrfToken === 'string' ? { cookie, csrfToken } : undefined;
  return { session, attempts: [attempt] };
}

/** Headers of a request in a session. Without one the request goes out all the same, and is refused. */
export function sessionHeaders(session: Session | undefined): Record<string, string> {
  return session ? { cookie: session.cookie, 'x-csrf-token': session.csrfToken } : {};
}

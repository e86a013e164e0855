import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Cache } from '../store/cache';

/** Name the browser only sends over TLS, to this host, on every path. */
export const SESSION_COOKIE = '__Host-session';
const TTL_SECONDS = 3_600;

export interface Session {
  readonly account: string;
  readonly role: string;
  /** Token for Core. */
  readonly token: string;
  /** What a request that changes something must repeat. */
  readonly csrfToken: string;
}

/** Sessions live in the cache, so any task of any release can serve them. */
export class Sessions {
  constructor(private readonly cache: Cache) {}

  /** @returns the id that the cookie carries */
  async create(session: Omit<Session, 'csrfToken'>): Promise<{ id: string; csrfToken: string }> {
    const [id, csrfToken] = [secret(), secret()];
    await this.cache.set(keyOf(id), JSON.stringify({ ...session, csrfToken }), TTL_SECONDS);
    return { id, csrfToken };
  }

  async find(id: string | undefined): Promise<Session | undefined> {
    if (!id || !/^[\w-]{43}$/.test(id)) return undefined;
    const found = await this.cache.get(keyOf(id));
    return found === undefined ? undefined : JSON.parse(found);
  }

  async end(id: string): Promise<void> {
    await this.cache.delete(keyOf(id));
  }
}

/** Whether a request repeats its session's token, which another site's page cannot read. */
export function repeatsToken({ csrfToken }: Session, given: unknown): boolean {
  const [expected, got] = [Buffer.from(csrfToken), Buffer.from(String(given))];
  return expected.length === got.length && timingSafeEqual(expected, got);
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function keyOf(id: string): string {
  return `session:${id}`;
}

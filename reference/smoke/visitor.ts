import { RELEASE_HEADER } from '../release/contract';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const TIMEOUT_MS = 10_000;

/** Somebody at the front door, with what his browser would keep. */
export class Visitor {
  cookie = '';
  csrfToken = '';

  /** @param release that must answer; undefined if any may */
  constructor(
    readonly baseUrl: string,
    private readonly release: string | undefined,
  ) {}

  /** @throws Error if nobody answers, or the answer does not say which release gave it */
  async ask(path: string, { method = 'GET', headers, body }: Ask = {}): Promise<Answer> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(this.baseUrl + path, {
      method,
      headers: { ...type, ...this.session(), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const by = answer.headers.get(RELEASE_HEADER);
    if (by === null || (this.release !== undefined && by !== this.release))
      throw new Error(
        `${method} ${path}: ${RELEASE_HEADER}: expected ${this.release ?? 'a release'}, got ${by ?? 'none'}`,
      );
    const parsed = (await answer.json().catch(() => ({}))) as Answer['body'];
    return { status: answer.status, headers: answer.headers, body: parsed };
  }

  session(): Record<string, string> {
    return this.cookie === '' ? {} : { cookie: this.cookie, 'x-csrf-token': this.csrfToken };
  }
}

/** @throws Error if a thing is not as expected */
export function must(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { RELEASE_HEADER } from '../../lib/model/release';
import { UserSocket } from './user-socket';

/** What came of one thing a user did. */
export interface Experience {
  /** Release that answered, where one did. */
  readonly release: string | undefined;
  readonly well: boolean;
}

export interface UserSettings {
  readonly name: string;
  readonly password: string;
  readonly url: string;
  /** In [0, 1). */
  readonly random: () => number;
  /** Whether the user's line is bad now. */
  readonly isSlow: () => boolean;
  readonly onExperience: (experience: Experience) => void;
}

/** Between two things a user does; shorter than a person's, so that few users make the load of many. */
const PAUSE_MS = 400;
/** Share of what they do, the rest is looking. */
const REFLECTS = 0.2;
const IMPORTS = 0.02;
const PATIENCE_MS = 5_000;
/** What a bad line needs for each half of a request. */
const TRICKLE_MS = 150;

/** A person in front of a browser: signs in, looks at pages, writes reflections over a websocket, imports a file now and then. */
export class User {
  private cookie = '';
  private csrfToken = '';
  private socket: UserSocket | undefined;

  constructor(private readonly settings: UserSettings) {}

  /** Go on until the signal. Never rejects: what goes wrong is the user's experience. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(-Math.log(1 - this.settings.random()) * PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.act(signal).catch(() => this.tell(undefined, signal.aborted));
    }
    this.socket?.close();
  }

  private async act(signal: AbortSignal): Promise<void> {
    if (!this.cookie) return this.signIn(signal);
    const chance = this.settings.random();
    if (chance < REFLECTS) return this.reflect();
    const answer = await (chance < REFLECTS + IMPORTS ? this.import(signal) : this.ask('/auth/me', {}, signal));
    if (answer.status === 401) this.cookie = '';
    this.tell(answer, answer.status < 400);
  }

  private async signIn(signal: AbortSignal): Promise<void> {
    const { name, password } = this.settings;
    const answer = await this.ask('/auth/login', { body: JSON.stringify({ user: name, password }) }, signal);
    this.tell(answer, answer.ok);
    if (!answer.ok) return;
    this.cookie = answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; ');
    this.csrfToken = ((await answer.json()) as { csrfToken: string }).csrfToken;
  }

  private import(signal: AbortSignal): Promise<Response> {
    const headers = { 'idempotency-key': randomUUID() };
    return this.ask('/imports', { headers, body: JSON.stringify({ rows: 20 }) }, signal);
  }

  private async ask(path: string, { headers, body }: RequestInit, signal: AbortSignal): Promise<Response> {
    const { url, isSlow } = this.settings;
    const own = {
      origin: url,
      cookie: this.cookie,
      'x-csrf-token': this.csrfToken,
      'content-type': 'application/json',
    };
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? { origin: url, cookie: this.cookie } : own), ...headers },
      body: typeof body === 'string' && isSlow() ? trickle(body) : body,
      duplex: 'half',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    } as RequestInit);
    if (isSlow()) await delay(TRICKLE_MS);
    if (path !== '/auth/login') await answer.arrayBuffer();
    return answer;
  }

  /** A reflection is well when its event comes back. */
  private async reflect(): Promise<void> {
    const { url } = this.settings;
    if (!this.socket?.isOpen) this.socket = await UserSocket.open(url, this.cookie);
    this.settings.onExperience({ release: this.socket.release, well: await this.socket.reflect(PATIENCE_MS) });
  }

  private tell(answer: Response | undefined, well: boolean): void {
    this.settings.onExperience({ release: answer?.headers.get(RELEASE_HEADER) ?? undefined, well });
  }
}

/** The two halves of a body, with a pause between them. */
function trickle(body: string): ReadableStream<Uint8Array> {
  const half = Math.ceil(body.length / 2);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(body.slice(0, half)));
      await delay(TRICKLE_MS);
      controller.enqueue(new TextEncoder().encode(body.slice(half)));
      controller.close();
    },
  });
}

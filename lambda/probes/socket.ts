import { WebSocket } from 'ws';
import { RELEASE_HEADER } from '../../lib/model/release';
import type { Entrance } from './entrance';
import type { Attempt } from './sample';
import { type Session, sessionHeaders } from './session';

/** An event that came over a probe's socket. */
export interface Delivered {
  readonly id: string;
  /** Release that dispatched it. */
  readonly release: string | undefined;
  /** On the clock of `performance.now()`. */
  readonly at: number;
}

export interface ProbeSocket {
  readonly events: readonly Delivered[];
  readonly closed: boolean;
  send(message: object): void;
  close(): void;
}

export interface Handshake {
  /** Undefined if it was refused or nobody answered. */
  readonly socket: ProbeSocket | undefined;
  readonly attempt: Attempt;
  readonly why?: string;
}

interface Opening {
  readonly path: string;
  readonly session: Session | undefined;
  readonly timeoutMs: number;
}

/** Open a websocket. Never throws; what the handshake answered is an attempt like any other. */
export function openSocket(entrance: Entrance, { path, session, timeoutMs }: Opening): Promise<Handshake> {
  const url = entrance.baseUrl.replace(/^http/, 'ws') + path;
  const socket = new WebSocket(url, {
    headers: { ...entrance.headers, ...sessionHeaders(session), origin: originOf(entrance) },
    handshakeTimeout: timeoutMs,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    let release: string | undefined;
    socket.on('upgrade', (answer) => {
      release = first(answer.headers[RELEASE_HEADER]);
    });
    socket.on('open', () => {
      resolve({ socket: listenTo(socket), attempt: { release, failed: false, answered: true } });
    });
    socket.on('unexpected-response', (_, answer) => {
      const status = answer.statusCode ?? 0;
      const by = first(answer.headers[RELEASE_HEADER]);
      const answered = by !== undefined || status < 500;
      resolve({
        socket: undefined,
        attempt: { release: by, failed: status >= 500, answered },
        why: `status ${status}`,
      });
      socket.terminate();
    });
    // also after the answer: ws reports the end of a refused handshake as an error of its own
    socket.on('error', (error) => {
      const attempt = { release: undefined, failed: true, answered: false };
      resolve({ socket: undefined, attempt, why: error.message });
    });
  });
}

/** The origin users' browsers would name: the site's own. */
function originOf({ baseUrl, headers }: Entrance): string {
  return headers.origin ?? new URL(baseUrl).origin;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function listenTo(socket: WebSocket): ProbeSocket {
  const events: Delivered[] = [];
  socket.on('message', (data) => {
    const event = parsed(String(data));
    if (event?.type === 'reflected')
      events.push({ id: String(event.id), release: event.release, at: performance.now() });
  });
  return {
    events,
    get closed() {
      return socket.readyState === WebSocket.CLOSED;
    },
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.terminate(),
  };
}

function parsed(text: string): { type?: unknown; id?: unknown; release?: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

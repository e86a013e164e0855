import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { RELEASE_HEADER } from '../release/contract';
import type { Visitor } from './visitor';

interface Message {
  readonly id: string;
  readonly origin: string;
  readonly patienceMs: number;
}

/** Time after the last expected event in which another of them would show that it came twice. */
const LINGER_MS = 200;

/**
 * Send a reflection and hear what comes back.
 *
 * @returns types of the frames that concern it, in the order in which they came
 * @throws Error if the handshake is refused, names no release, or the event does not come in time
 */
export async function hear(visitor: Visitor, { id, origin, patienceMs }: Message): Promise<string[]> {
  const url = `${visitor.baseUrl.replace(/^http/, 'ws')}/ws`;
  const socket = new WebSocket(url, { headers: { ...visitor.session(), origin }, handshakeTimeout: patienceMs });
  const heard: string[] = [];
  try {
    await opened(socket);
    const reflected = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as { id?: string; type?: string };
        if (frame.id !== id) return;
        heard.push(String(frame.type));
        if (frame.type === 'reflected') resolve();
      });
    });
    socket.send(JSON.stringify({ type: 'reflect', id, text: 'smoke' }));
    const isThere = await Promise.race([reflected.then(() => true), delay(patienceMs, false)]);
    if (!isThere) throw new Error(`reflected: expected within ${patienceMs} ms, got ${heard.join(', ') || 'nothing'}`);
    await delay(LINGER_MS);
    return heard.sort();
  } finally {
    socket.terminate();
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    let release: string | string[] | undefined;
    socket.on('upgrade', ({ headers }) => {
      release = headers[RELEASE_HEADER];
    });
    socket.on('open', () =>
      release ? resolve() : reject(new Error(`/ws: ${RELEASE_HEADER}: expected a release, got none`)),
    );
    socket.on('error', (error) => reject(new Error(`/ws: ${error.message}`)));
  });
}

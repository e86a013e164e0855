import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { RELEASE_HEADER } from '../../lib/model/release';

/** A user's open websocket. */
export class UserSocket {
  /** Resolved by the event that each reflection waits for. */
  private readonly awaited = new Map<string, () => void>();

  private constructor(
    private readonly socket: WebSocket,
    readonly release: string | undefined,
  ) {
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.hear(JSON.parse(String(data))));
    // A socket closed under way is a restart: the user writes it again.
    socket.on('close', () => {
      for (const resolve of this.awaited.values()) resolve();
    });
  }

  /** @throws Error when the handshake is refused or nobody answers */
  static async open(url: string, cookie: string): Promise<UserSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers: { cookie, origin: url } });
    let release: string | undefined;
    socket.on('upgrade', ({ headers }) => {
      release = headers[RELEASE_HEADER] as string | undefined;
    });
    await once(socket, 'open');
    return new UserSocket(socket, release);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves with whether the event came back in time. */
  async reflect(withinMs: number): Promise<boolean> {
    const id = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const outcome = new Promise<boolean>((resolve) => {
      this.awaited.set(id, () => resolve(true));
      timer = setTimeout(() => resolve(false), withinMs);
    });
    this.socket.send(JSON.stringify({ type: 'reflect', id, text: 'a thought' }));
    const came = await outcome;
    clearTimeout(timer);
    this.awaited.delete(id);
    return came;
  }

  close(): void {
    this.socket.terminate();
  }

  private hear({ type, id }: { readonly type?: string; readonly id?: string }): void {
    if (type === 'reflected' && id !== undefined) this.awaited.get(id)?.();
  }
}

import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Answered } from '../../rehearsal/router/exchange';
import type { Listener } from '../../rehearsal/router/listener';
import { seeded } from '../../rehearsal/router/random';
import { Router } from '../../rehearsal/router/router';

export const ANSWER_WITHIN_MS = 250;

/** A router with real servers behind it. */
export class Stage {
  readonly answered: Answered[] = [];
  readonly router = new Router({
    random: seeded(7),
    answerWithinMs: ANSWER_WITHIN_MS,
    onAnswered: (one) => this.answered.push(one),
  });
  private readonly servers: Server[] = [];

  /** A server in the target group of its name, which says its name in `x-release` and echoes what a websocket sends. */
  async arm(name: string, onRequest?: RequestListener, onSocket?: (socket: WebSocket) => void): Promise<Server> {
    const server = createServer(onRequest ?? ((_, response) => response.setHeader('x-release', name).end(name)));
    const sockets = new WebSocketServer({ server });
    sockets.on('headers', (headers) => headers.push(`x-release: ${name}`));
    sockets.on('connection', onSocket ?? ((socket) => socket.on('message', (data) => socket.send(`${name} ${data}`))));
    return this.serve(name, server);
  }

  /** Any server in the target group of the name. */
  async serve(name: string, server: Server, group = this.router.addGroup(name)): Promise<Server> {
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    group.register({ host: '127.0.0.1', port: portOf(server) });
    return server;
  }

  /** A listener whose production rule has these weights and nothing before it. */
  front(weights: Record<string, number> = { stable: 100 }): Promise<Listener> {
    return this.router.listen({ name: 'front', rules: [{ name: 'production', weights }] });
  }

  async close(): Promise<void> {
    await this.router.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

export function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}

export interface Reply {
  readonly status: number;
  readonly release: string | undefined;
  readonly body: string;
}

export function ask(
  listener: Listener,
  options: { headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { headers, body: sent } = options;
    const asked = httpRequest(listener.url, { method: sent ? 'POST' : 'GET', headers }, (reply) => {
      let body = '';
      reply.on('data', (chunk) => {
        body += chunk;
      });
      reply.on('error', reject);
      reply.on('end', () =>
        resolve({ status: reply.statusCode!, release: reply.headers['x-release'] as string, body }),
      );
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}

/** How often each body came back. */
export async function askMany(listener: Listener, count: number): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const { body } = await ask(listener);
    tally[body] = (tally[body] ?? 0) + 1;
  }
  return tally;
}

/** An open websocket, and the release its handshake was answered by. */
export function open(
  listener: Listener,
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; release: unknown }> {
  const socket = new WebSocket(listener.url.replace('http', 'ws'), { headers });
  return new Promise((resolve, reject) => {
    let release: unknown;
    socket.once('upgrade', (reply: IncomingMessage) => {
      release = reply.headers['x-release'];
    });
    socket.once('open', () => resolve({ socket, release }));
    socket.once('error', reject);
  });
}

export function echo(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve(String(data)));
    socket.send('hello');
  });
}

export function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
}

import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import type { OutboxEvent } from '../core/outbox';
import { RELEASE_HEADER } from '../release/contract';
import type { Cache } from '../store/cache';
import type { CoreClient } from './core-client';
import { MinuteBudget } from './minute-budget';
import type { Session } from './sessions';

export interface SocketSettings {
  readonly release: string;
  readonly allowedOrigins: readonly string[];
  /** Channel on which Core's events come. */
  readonly channel: string;
  /** While it is true nobody is let in: he would be put out again. */
  readonly isDraining: () => boolean;
  /** Of one account, over all its connections to this task. */
  readonly messagesPerMinute: number;
}

/** One user's open connection. */
interface Connection {
  readonly socket: WebSocket;
  readonly session: Session;
  /** Events it has seen: Core delivers at least once, a user sees each once. */
  readonly seen: Set<string>;
  seq: number;
  alive: boolean;
  /** Messages that are on their way to Core or wait for those that are, and the end of the last of them. */
  waiting: number;
  last: Promise<void>;
}

const POLICY_VIOLATION = 1008;
const SERVICE_RESTART = 1012;
const PING_MS = 25_000;
const MOST_FRAME_BYTES = 16 * 1024;
const MOST_SEEN = 1_000;
/** People write one at a time, and a probe two. */
const MOST_WAITING = 32;

/** Websockets of users: they send reflections and hear events. */
export class Sockets {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES });
  private readonly connections = new Set<Connection>();
  /** What came with each handshake after its headers; who is not in it did not ask for a websocket. */
  private readonly heads = new WeakMap<IncomingMessage, Buffer>();
  private readonly messages: MinuteBudget;
  private readonly pings = setInterval(() => this.pingAll(), PING_MS);

  constructor(
    private readonly settings: SocketSettings,
    private readonly core: CoreClient,
  ) {
    this.messages = new MinuteBudget(settings.messagesPerMinute);
    this.server.on('headers', (headers) => headers.push(`${RELEASE_HEADER}: ${settings.release}`));
  }

  get open(): number {
    return this.connections.size;
  }

  /** Serve `/ws`, to whom the server's hooks let through, until the server closes. */
  async attach(app: FastifyInstance, cache: Cache): Promise<void> {
    app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.heads.set(request, head);
      app.routing(request, responseOn(socket, request));
    });
    app.get('/ws', (request, reply) => this.handshake(request, reply));
    app.addHook('preClose', () => this.stop());
    await cache.subscribe(this.settings.channel, (message) => this.deliver(JSON.parse(message)));
  }

  /** Close every connection so that its client connects anew, to whoever serves then. */
  private async stop(): Promise<void> {
    clearInterval(this.pings);
    const closed = [...this.connections].map(({ socket }) => closing(socket));
    await Promise.all(closed);
  }

  private handshake({ raw, session }: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const head = this.heads.get(raw);
    if (!head || !session) return reply.code(426).send({ error: 'upgrade: expected websocket' });
    if (this.settings.isDraining()) return reply.code(503).send({ error: 'the service restarts' });
    if (!this.settings.allowedOrigins.includes(raw.headers.origin ?? ''))
      return reply.code(403).send({ error: 'origin: expected one that is allowed' });
    reply.hijack();
    reply.raw.detachSocket(raw.socket);
    this.server.handleUpgrade(raw, raw.socket, head, (accepted) => this.accept(accepted, session));
    return undefined;
  }

  private accept(socket: WebSocket, session: Session): void {
    const counts = { seq: 0, alive: true, waiting: 0, last: Promise.resolve() };
    const connection: Connection = { socket, session, seen: new Set(), ...counts };
    this.connections.add(connection);
    socket.on('close', () => this.connections.delete(connection));
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('message', (data) => this.take(connection, String(data)));
  }

  /** One after the other: a user's messages must not overtake each other on their way to Core. */
  private take(connection: Connection, text: string): void {
    const { socket, session } = connection;
    // what was already on its way when the connection was closed
    if (socket.readyState !== socket.OPEN) return;
    const excess = this.excessOf(connection);
    if (excess !== undefined) {
      socket.close(POLICY_VIOLATION, excess);
      return;
    }
    connection.waiting += 1;
    connection.last = connection.last
      .then(() => this.receive(socket, session, text))
      .catch(() => tell(socket, { type: 'refused', error: 'try again' }))
      .finally(() => {
        connection.waiting -= 1;
      });
  }

  /** What one more message of a connection would be too many of. */
  private excessOf({ waiting, session }: Connection): string | undefined {
    if (waiting >= MOST_WAITING) return `expected at most ${MOST_WAITING} messages without an answer`;
    if (!this.messages.spend(session.account)) return `expected at most ${this.messages.perMinute} messages a minute`;
    return undefined;
  }

  private async receive(socket: WebSocket, { token }: Session, text: string): Promise<void> {
    const message = parsed(text);
    if (message?.type !== 'reflect') return tell(socket, { type: 'refused', error: 'type: expected "reflect"' });
    const { id, text: words } = message;
    const call = {
      method: 'POST',
      path: '/reflections',
      token,
      idempotencyKey: String(id),
      body: { id, text: words },
    } as const;
    const { status, body } = await this.core.call(call);
    tell(socket, status === 202 ? { type: 'accepted', id } : { type: 'refused', id, ...(body as object) });
  }

  private deliver({ id, account, payload, release }: OutboxEvent): void {
    for (const connection of this.connections) {
      if (connection.session.account !== account || connection.seen.has(id)) continue;
      if (connection.seen.size >= MOST_SEEN) connection.seen.clear();
      connection.seen.add(id);
      connection.seq += 1;
      tell(connection.socket, { ...payload, seq: connection.seq, release });
    }
  }

  /** A connection that did not answer the last ping is gone, whatever TCP thinks. */
  private pingAll(): void {
    for (const connection of this.connections) {
      if (!connection.alive) connection.socket.terminate();
      connection.alive = false;
      connection.socket.ping();
    }
  }
}

function tell(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

/** A handshake is answered as every request is; a refused one is the last of its connection. */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.end(() => socket.destroy()));
  return response;
}

function parsed(text: string): { type?: unknown; id?: unknown; text?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const CLOSE_PATIENCE_MS = 1_000;

function closing(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(SERVICE_RESTART, 'the service restarts');
  });
}

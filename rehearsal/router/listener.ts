import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Answered, Exchange } from './exchange';
import { type Forwarder, refuse } from './forwarder';
import { firstMatch, pick, type Rule, type Weights } from './rule';
import type { Target, TargetGroup } from './target-group';

export interface ListenerOptions {
  readonly name: string;
  /** By priority, first the strongest. A request that matches none is answered 404. */
  readonly rules: readonly Rule[];
  /** Request headers that are taken away, as the CDN in front of a public listener does. */
  readonly drop?: readonly string[];
  /** @default - one that is free */
  readonly port?: number;
}

interface Surroundings {
  readonly forwarder: Forwarder;
  readonly groups: ReadonlyMap<string, TargetGroup>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onAnswered: (answered: Answered) => void;
}

/** A balancer keeps a client's idle connection longer than clients keep theirs, so that none is closed under a request. */
const KEEP_ALIVE_MS = 60_000;

/** A port of the balancer with its rules, in whose order requests are matched. */
export class Listener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private rules: readonly Rule[];

  constructor(
    private readonly options: ListenerOptions,
    private readonly around: Surroundings,
  ) {
    this.rules = options.rules;
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
    this.server.on('request', (request, response) => this.answer(request, response));
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket as Socket, head));
    // Closing a server neither waits for upgraded sockets nor ends them.
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @throws Error when the port is taken */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (cause: NodeJS.ErrnoException) => reject(this.refused(cause)));
      this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
  }

  get name(): string {
    return this.options.name;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  weightsOf(rule: string): Weights {
    return this.rules.find(({ name }) => name === rule)?.weights ?? {};
  }

  /** The next request obeys; open websockets stay where they are. */
  setWeights(rule: string, weights: Weights): void {
    this.rules = this.rules.map((known) => (known.name === rule ? { ...known, weights } : known));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { exchange, target } = this.route(request);
    if (typeof target === 'number') refuse(response, target, exchange);
    else this.around.forwarder.web({ request, response, exchange, target });
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // Node takes its own listener away with the upgrade: a client's reset would end this process.
    socket.on('error', () => socket.destroy());
    const { exchange, target } = this.route(request);
    if (typeof target === 'number') this.around.forwarder.refuseSocket(socket, target, exchange);
    else this.around.forwarder.socket({ request, socket, head, exchange, target });
  }

  /** The target, or the status that the balancer answers itself. */
  private route(request: IncomingMessage): { readonly exchange: Exchange; readonly target: Target | number } {
    for (const name of this.options.drop ?? []) delete request.headers[name];
    const rule = firstMatch(this.rules, request.headers);
    const name = rule && pick(rule.weights, this.around.random());
    const exchange = new Exchange(this.name, name, this.around.onAnswered);
    if (!rule) return { exchange, target: 404 };
    return { exchange, target: (name && this.around.groups.get(name)?.next()) || 503 };
  }

  private refused(cause: NodeJS.ErrnoException): Error {
    if (cause.code !== 'EADDRINUSE') return new Error(`${this.name}: ${cause.message}`);
    return new Error(
      `--port: expected a port nobody listens on, got ${this.options.port}; choose another, or leave it out for a free one`,
    );
  }
}

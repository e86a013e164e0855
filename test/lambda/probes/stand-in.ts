import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Entrance } from '../../../lambda/probes/entrance';
import type { EntranceName } from '../../../lambda/probes/sample';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A service on this machine that answers as a test wants. */
export class StandIn {
  /** Method and path of every request, in order. */
  readonly asked: string[] = [];
  private readonly sockets = new WebSocketServer({ noServer: true });

  private constructor(
    private readonly server: Server,
    /** Replaced by a test to answer otherwise. */
    public serve: Serve,
  ) {}

  static async open(serve: Serve): Promise<StandIn> {
    const server = createServer();
    const standIn = new StandIn(server, serve);
    server.on('request', (request, response) => {
      standIn.asked.push(`${request.method} ${request.url}`);
      request.resume();
      request.on('end', () => standIn.serve(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  /** Accept websockets as a release; give each one's messages to the test. */
  acceptSockets(release: string, onMessage: (socket: WebSocket, message: { id: string }, nth: number) => void): void {
    this.sockets.on('headers', (headers) => headers.push(`x-release: ${release}`));
    this.server.on('upgrade', (request, socket, head) =>
      this.sockets.handleUpgrade(request, socket, head, (accepted) => {
        let nth = 0;
        accepted.on('message', (data) => onMessage(accepted, JSON.parse(String(data)), nth++));
      }),
    );
  }

  refuseSockets(status: number, release?: string): void {
    const by = release === undefined ? '' : `x-release: ${release}\r\n`;
    this.server.on('upgrade', (_, socket) => {
      socket.end(`HTTP/1.1 ${status} Refused\r\n${by}content-length: 0\r\nconnection: close\r\n\r\n`);
    });
  }

  entrance(name: EntranceName = 'production'): Entrance {
    return { name, baseUrl: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, headers: {} };
  }

  close(): void {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Answer with a status, as a release, with a body. */
export function answering(status: number, release?: string, body: unknown = {}): Serve {
  return (_, response) => answer(response, { status, release, body });
}

export interface Answer {
  readonly status?: number;
  readonly release?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export function answer(response: ServerResponse, { status = 200, release, body = {}, headers = {} }: Answer): void {
  const by = release === undefined ? {} : { 'x-release': release };
  response.writeHead(status, { 'content-type': 'application/json', ...by, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A port of this machine on which nobody listens. */
export async function nobodysUrl(): Promise<string> {
  const standIn = await StandIn.open(answering(200));
  const { baseUrl } = standIn.entrance();
  standIn.close();
  return baseUrl;
}

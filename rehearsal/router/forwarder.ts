import { Agent, type ClientRequest, type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import type { Exchange } from './exchange';
import type { Target } from './target-group';

const BALANCER_STATUS: Readonly<Record<number, string>> = {
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** Answer a request without any target. */
export function refuse(response: ServerResponse, status: number, exchange: Exchange): void {
  exchange.settle(status, 'balancer');
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${status} ${BALANCER_STATUS[status]}\n`);
}

export interface WebForward {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly exchange: Exchange;
  readonly target: Target;
}

export interface SocketForward {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly exchange: Exchange;
  readonly target: Target;
}

/** Idle connections to targets are given up before any of the targets would close them. */
const IDLE_MS = 4_000;

/** Carries requests and websockets to targets, and answers in their place the way an ALB does when they cannot. */
export class Forwarder {
  private readonly agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  private readonly proxy = createProxyServer({ xfwd: true });
  private readonly exchanges = new WeakMap<IncomingMessage, Exchange>();

  /** @param answerWithinMs how long a target may stay silent */
  constructor(private readonly answerWithinMs: number) {
    this.proxy.on('proxyReq', (upstream, request) => this.limit(upstream, request));
    this.proxy.on('proxyReqWs', (upstream, request) => this.watchHandshake(upstream, request));
    this.proxy.on('proxyRes', (answer, request, response) => this.passOn(answer, request, response));
    this.proxy.on('error', (_cause, request, to) => this.failed(request, to));
    this.proxy.on('econnreset', (_cause, request) => this.exchanges.get(request)?.abandon());
  }

  web({ request, response, exchange, target }: WebForward): void {
    this.exchanges.set(request, exchange);
    // A client that leaves before the answer is nobody's failure.
    response.once('close', () => exchange.abandon());
    this.proxy.web(request, response, { target: { ...target, protocol: 'http:' }, agent: this.agent });
  }

  socket({ request, socket, head, exchange, target }: SocketForward): void {
    this.exchanges.set(request, exchange);
    socket.once('close', () => exchange.abandon());
    this.proxy.ws(request, socket, head, { target: { ...target, protocol: 'http:' } });
  }

  refuseSocket(socket: Socket, status: number, exchange: Exchange): void {
    exchange.settle(status, 'balancer');
    socket.end(`HTTP/1.1 ${status} ${BALANCER_STATUS[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  }

  close(): void {
    this.agent.destroy();
  }

  private limit(upstream: ClientRequest, request: IncomingMessage): void {
    this.exchanges.get(request)?.limit(upstream, this.answerWithinMs);
  }

  /** The proxy itself would wait for ever for an answer to a handshake. */
  private watchHandshake(upstream: ClientRequest, request: IncomingMessage): void {
    this.limit(upstream, request);
    const settle = ({ statusCode }: IncomingMessage) => this.exchanges.get(request)?.settle(statusCode!, 'target');
    upstream.once('upgrade', settle);
    upstream.once('response', settle);
  }

  private passOn(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
    this.exchanges.get(request)?.settle(answer.statusCode!, 'target');
    // A target that dies in mid-body would leave the client waiting for ever.
    answer.once('close', () => answer.complete || response.destroy());
  }

  private failed(request: IncomingMessage, to: ServerResponse | Socket): void {
    const exchange = this.exchanges.get(request);
    if (!exchange || exchange.isSettled) {
      to.destroy();
      return;
    }
    const status = exchange.timedOut ? 504 : 502;
    if (to instanceof ServerResponse) refuse(to, status, exchange);
    else this.refuseSocket(to, status, exchange);
  }
}

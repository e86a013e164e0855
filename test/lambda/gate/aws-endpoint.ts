import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One request as an AWS client sent it. */
export interface AwsCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Decompressed. */
  readonly body: string;
  /** Name of the operation in the JSON protocols; empty in the others. */
  readonly operation: string;
}

export interface AwsAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

type Answering = (call: AwsCall) => AwsAnswer;

/** An HTTP server on this machine where an SDK client is pointed at, which keeps everything that was asked of it. */
export class AwsEndpoint {
  readonly calls: AwsCall[] = [];

  private constructor(
    private readonly server: Server,
    /** Replaced by a test to answer otherwise. */
    public answer: Answering,
  ) {}

  static async open(answer: Answering = () => ({ body: {} })): Promise<AwsEndpoint> {
    const server = createServer();
    const endpoint = new AwsEndpoint(server, answer);
    server.on('request', (request, response) => void endpoint.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  /** What a client is made with to come here, with the retries it ships with. */
  get client() {
    return {
      ...{ endpoint: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, region: 'eu-west-1' },
      credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
      maxAttempts: 4,
    };
  }

  /** Bodies of the calls of one operation, parsed. */
  bodies<T = Record<string, unknown>>(operation: string): T[] {
    return this.calls.filter((call) => call.operation === operation).map(({ body }) => JSON.parse(body));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://aws');
    const call: AwsCall = {
      ...{ method: request.method ?? '', path: decodeURIComponent(pathname), query: searchParams },
      headers: request.headers,
      body: String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw),
      operation: String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '',
    };
    this.calls.push(call);
    const { status = 200, headers = {}, body = '' } = this.answer(call);
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/xml' : 'application/x-amz-json-1.1', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  }
}

/** An error of the JSON protocols. */
export function awsError(type: string, status = 400): AwsAnswer {
  return { status, body: { __type: type, message: `${type} of this test` } };
}

/** Answers in turn; the last one again and again. */
export function inTurn(...answers: readonly AwsAnswer[]): Answering {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)]!;
}

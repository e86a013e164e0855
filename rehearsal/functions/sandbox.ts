import { createServer, type IncomingMessage } from 'node:http';

/** Answers one invocation. What it throws is the function's error. */
export type Handler = (payload: unknown) => Promise<unknown>;

/**
 * The inside of a Lambda function's process: a port that takes invocations and answers them with the handler's result.
 *
 * Says where it listens in its first line of output.
 */
export function serveInvocations(handler: Handler): void {
  const server = createServer(async (request, response) => {
    try {
      const result = await handler(await json(request));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result ?? null));
    } catch (cause) {
      response.writeHead(500).end((cause as Error).message);
    }
  });
  server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as { port: number }).port}`));
  process.once('SIGTERM', () => process.exit(0));
}

/** Tell the rehearsal that this process is up, and where. */
export function announce(url: string): void {
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
}

/** The URL, if a line of output is the one that {@link announce} wrote. */
export function announced(line: string): string | undefined {
  const [, url] = /^\{"listening":"([^"]*)"\}$/.exec(line) ?? [];
  return url;
}

export async function json(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return JSON.parse(body);
}

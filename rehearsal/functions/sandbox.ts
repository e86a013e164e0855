import { bodyOf, LoopbackServer } from '../loopback-server';

const HANDLER_FAILED = 500;

/** Answers one invocation. What it throws is the function's error. */
export type Handler = (payload: unknown) => Promise<unknown>;

/**
 * The inside of a Lambda function's process: a port that takes invocations and answers them with the handler's result.
 *
 * Says where it listens in its first line of output.
 */
export function serveInvocations(handler: Handler): void {
  const server = new LoopbackServer(async (request, response) => {
    const result = await handler(JSON.parse(await bodyOf(request)));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result ?? null));
  }, HANDLER_FAILED);
  void server.listen().then(announce);
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

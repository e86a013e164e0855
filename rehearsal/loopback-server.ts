import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Answers one request. What it throws is told to the caller with the server's status for it. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A port of 127.0.0.1 at which the processes of a rehearsal reach each other. */
export class LoopbackServer {
  private readonly server: Server;

  /** @param failed status of an answer that could not be given */
  constructor(answer: AnswerRequest, failed: number) {
    this.server = createServer(async (request, response) => {
      try {
        await answer(request, response);
      } catch (cause) {
        response.writeHead(failed).end((cause as Error).message);
      }
    });
  }

  /** @returns the URL of a free port */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Connections are cut, answered or not. */
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

import { createServer, type Server } from 'node:http';
import type { FunctionHost } from './function-host';
import { json } from './sandbox';

/** A URL at which other processes invoke a function, whichever sandbox runs it at the time. */
export class FunctionDoor {
  private readonly server: Server;

  constructor(private readonly host: FunctionHost) {
    this.server = createServer(async (request, response) => {
      try {
        response.end(JSON.stringify(await this.host.invoke(await json(request))));
      } catch (cause) {
        response.writeHead(500).end((cause as Error).message);
      }
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** @throws Error with what the function threw */
export async function invokeAt<T>(url: string, payload: unknown): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(payload) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

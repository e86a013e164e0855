import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Controller } from './controller';

/** What the gate may ask of ECS and do to it, over HTTP on the loopback interface. */
export class ControllerApi {
  private readonly server: Server;

  constructor(private readonly controller: Controller) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.answer(request);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer ?? {}));
    } catch (cause) {
      response.writeHead(400).end((cause as Error).message);
    }
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    const [, resource, arn = '', action] = new URL(request.url!, 'http://localhost').pathname.split('/');
    switch (`${request.method} ${resource}${arn && '/:arn'}${action ? `/${action}` : ''}`) {
      case 'GET deployments':
        return this.controller.latest();
      case 'GET deployments/:arn':
        return this.controller.describe(decodeURIComponent(arn));
      case 'POST deployments/:arn/stop':
        return this.controller.stop(decodeURIComponent(arn));
      case 'GET canary-workers':
        return this.controller.canaryWorkers.describe();
      case 'PUT canary-workers':
        // As with UpdateService: the answer does not wait for the tasks.
        return void this.controller.canaryWorkers.scale(Number(await text(request)));
      default:
        throw new Error(`no such call: ${request.method} ${request.url}`);
    }
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

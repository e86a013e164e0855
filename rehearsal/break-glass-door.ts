import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { RUNNING_FILE, type RunningRehearsal } from './places';
import { type Deployer, deployWorkers, putBack } from './release-deployment';

/** A way in for people who break the glass: in AWS they update the stacks, here the rehearsal deploys for them. */
export class BreakGlassDoor {
  private readonly server: Server;
  private readonly file: string;

  /** @param output folder of the rehearsal; `running.json` lies there while it runs */
  constructor(
    private readonly deployer: Deployer,
    output: string,
  ) {
    this.file = join(output, RUNNING_FILE);
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as { port: number };
    const { controllerUrl, pointer, notices } = this.deployer.cluster.places;
    const breakGlassUrl = `http://127.0.0.1:${port}`;
    const running: RunningRehearsal = { controllerUrl, breakGlassUrl, pointer, notices, pid: process.pid };
    writeFileSync(this.file, JSON.stringify(running));
  }

  close(): void {
    rmSync(this.file, { force: true });
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(`${request.method} ${request.url}`, await text(request));
      response.end();
    } catch (cause) {
      response.writeHead(400).end((cause as Error).message);
    }
  }

  private async answer(call: string, id: string): Promise<void> {
    const release = await this.deployer.ledger.release(id);
    if (!release) throw new Error(`expected a release in the ledger, got ${id}; see history`);
    if (call === 'PUT /services') return putBack(this.deployer, release);
    if (call === 'PUT /workers') return deployWorkers(this.deployer, id);
    throw new Error(`no such call: ${call}`);
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

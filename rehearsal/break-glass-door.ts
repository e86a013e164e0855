import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, LoopbackServer } from './loopback-server';
import { RUNNING_FILE, type RunningRehearsal } from './places';
import { type Deployer, deployWorkers, putBack } from './release-deployment';

const BAD_REQUEST = 400;

/** A way in for people who break the glass: in AWS they update the stacks, here the rehearsal deploys for them. */
export class BreakGlassDoor {
  private readonly server: LoopbackServer;
  private readonly file: string;

  /** @param output folder of the rehearsal; `running.json` lies there while it runs */
  constructor(
    private readonly deployer: Deployer,
    output: string,
  ) {
    this.file = join(output, RUNNING_FILE);
    this.server = new LoopbackServer(async (request, response) => {
      await this.answer(`${request.method} ${request.url}`, await bodyOf(request));
      response.end();
    }, BAD_REQUEST);
  }

  async open(): Promise<void> {
    const breakGlassUrl = await this.server.listen();
    const { controllerUrl, pointer, notices } = this.deployer.cluster.places;
    const running: RunningRehearsal = { controllerUrl, breakGlassUrl, pointer, notices, pid: process.pid };
    writeFileSync(this.file, JSON.stringify(running));
  }

  close(): void {
    rmSync(this.file, { force: true });
    this.server.close();
  }

  private async answer(call: string, id: string): Promise<void> {
    const release = await this.deployer.ledger.release(id);
    if (!release) throw new Error(`expected a release in the ledger, got ${id}; see history`);
    if (call === 'PUT /services') return putBack(this.deployer, release);
    if (call === 'PUT /workers') return deployWorkers(this.deployer, id);
    throw new Error(`no such call: ${call}`);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Revision, StartTask, Task } from '../controller/revision';
import type { Fault, ServiceName } from '../faults/fault';
import { announced } from '../functions/sandbox';
import { Child } from '../processes/child';
import type { RunFolder } from '../processes/run-folder';
import { SERVICE_VARIABLES } from './fault-context';
import { type ServiceWiring, serviceEnvironment } from './service-environment';

const STARTED_WITHIN_MS = 30_000;
const HEALTHY_WITHIN_MS = 15_000;
const LOOK_MS = 50;
/** A worker finishes its jobs, and what hangs is killed; see STOP_TIMEOUT_MS. */
const GRACE_MS = 6_000;

export interface TaskPlace {
  readonly folder: RunFolder;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
  readonly wiring: ServiceWiring;
  readonly minuteMs: number;
  /** Bound of each probe in milliseconds, in the time of its minute. */
  readonly bounds: Readonly<Record<string, number>>;
  readonly seed: number;
  /** What is wrong with a release, if something is. */
  faultOf(release: string): Fault | undefined;
}

/** Starts tasks as processes of their own. */
export class TaskStarter {
  private readonly running = new Map<Child, Revision>();
  private count = 0;

  constructor(private readonly place: TaskPlace) {}

  readonly start: StartTask = async (revision) => {
    const child = await this.spawn(revision);
    try {
      const url = await child.firstLine(announced, STARTED_WITHIN_MS);
      if (url) await healthy(child, url);
      return taskOf(child, url);
    } catch (cause) {
      await child.stop();
      throw cause;
    }
  };

  /** kill -9 every task of a service of a release. */
  kill(service: string, release: string): void {
    for (const [child, revision] of this.running) {
      if (revision.service === service && revision.release === release) child.kill();
    }
  }

  /** End every task, whatever its service still wants. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((child) => child.stop()));
  }

  private async spawn(revision: Revision): Promise<Child> {
    const { service, release } = revision;
    const { folder, program, wiring, minuteMs, bounds, seed, faultOf } = this.place;
    const name = service.replace('worker-canary', 'worker') as ServiceName;
    this.count += 1;
    const child = await Child.start(folder, {
      name: `${service}-${release}`,
      command: process.execPath,
      args: [program(name), `--service=${service}`, `--release=${release}`],
      graceMs: GRACE_MS,
      env: {
        ...serviceEnvironment(name, release, wiring),
        // The canary's share of the workers: two jobs at a time beside ten.
        ...(name === 'worker' && { QUEUE_CONCURRENCY: service === 'worker-canary' ? '2' : '10' }),
        [SERVICE_VARIABLES.fault]: faultOf(release)?.name,
        [SERVICE_VARIABLES.minuteMs]: String(minuteMs),
        [SERVICE_VARIABLES.bounds]: JSON.stringify(bounds),
        [SERVICE_VARIABLES.seed]: String(seed + this.count),
      },
    });
    this.running.set(child, revision);
    void child.ended.then(() => this.running.delete(child));
    return child;
  }
}

function taskOf(child: Child, url: string): Task {
  return {
    target: url ? { host: '127.0.0.1', port: Number(new URL(url).port) } : undefined,
    ended: child.ended,
    stop: () => child.stop(),
  };
}

/** As the balancer's health check: it may take traffic once it says so itself. */
async function healthy(child: Child, url: string): Promise<void> {
  const end = Date.now() + HEALTHY_WITHIN_MS;
  let last = 'no answer';
  while (Date.now() < end) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    last = answer ? `${answer.status} ${await answer.text()}` : 'no answer';
    await delay(LOOK_MS);
  }
  throw child.failure(`was not healthy within ${HEALTHY_WITHIN_MS / 1000} s (${last})`);
}

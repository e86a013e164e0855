import { createServer } from 'node:http';
import type { HookEvent, LifecycleStage } from '../../lambda/gate/hook';
import type { ServiceDeployment } from '../../lambda/gate/ports';
import type { Happening } from '../../lambda/report/story';
import { Clock } from '../../rehearsal/clock';
import type { Alarm } from '../../rehearsal/controller/alarms';
import { Controller } from '../../rehearsal/controller/controller';
import { arnOf, type Revision, type Task } from '../../rehearsal/controller/revision';
import { type CanaryStrategy, WebService } from '../../rehearsal/controller/web-service';
import { WorkerService } from '../../rehearsal/controller/worker-service';
import type { Listener } from '../../rehearsal/router/listener';
import { seeded } from '../../rehearsal/router/random';
import { Router } from '../../rehearsal/router/router';
import { ask } from './router-stage';

/** Answers hooks in the gate's place. */
export type Hook = (event: HookEvent) => unknown;

export interface ClusterOptions {
  readonly hook?: Hook;
  readonly hooks?: readonly LifecycleStage[];
  readonly bakes?: CanaryStrategy['bakes'];
  readonly alarms?: readonly Alarm[];
  /** Releases whose tasks never become healthy. */
  readonly dead?: readonly string[];
  readonly hookTimeoutMinutes?: number;
}

const GATED: readonly LifecycleStage[] = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'];
const MINUTE_MS = 20;

/** Services `edge` (front) and `core` (inner) whose tasks are small servers that answer with their release. */
export class Cluster {
  readonly happenings: Happening[] = [];
  readonly events: HookEvent[] = [];
  readonly controller: Controller;
  readonly doors: Readonly<Record<string, Listener>>;
  private readonly shutdown = new AbortController();
  private readonly awaited: { readonly release: string; resolve(): void }[] = [];
  private readonly tasks = new Map<string, { readonly release: string; end(how: string): void }>();

  private constructor(
    private readonly router: Router,
    services: readonly WebService[],
    private readonly options: ClusterOptions,
  ) {
    const around = {
      clock: new Clock(MINUTE_MS),
      invoke: async (event: HookEvent) => {
        this.events.push(event);
        return (options.hook ?? (() => ({ hookStatus: 'SUCCEEDED' })))(event);
      },
      alarms: options.alarms ?? [],
      start: (revision: Revision) => this.start(revision),
      observe: (happening: Happening) => this.happenings.push(happening),
      shutdown: this.shutdown.signal,
    };
    const workers = new WorkerService('worker', around);
    const canaryWorkers = new WorkerService('worker-canary', around);
    this.controller = new Controller({ services, workers, canaryWorkers }, around);
    this.doors = Object.fromEntries(services.map(({ name, definition }) => [name, definition.production.listener]));
  }

  static async open(options: ClusterOptions = {}): Promise<Cluster> {
    const router = new Router({ random: seeded(1) });
    const services = [await service(router, 'edge', options), await service(router, 'core', options)];
    return new Cluster(router, services, options);
  }

  /** A cluster in which v1 serves. */
  static async serving(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.open(options);
    await cluster.deploy('v1');
    cluster.happenings.length = 0;
    cluster.events.length = 0;
    return cluster;
  }

  deploy(release: string): Promise<readonly ServiceDeployment[]> {
    return this.controller.deploy((name) => revision(name, release));
  }

  /** Answers of a service's listener to requests without and with the release header. */
  async serving(name: string): Promise<{ readonly production: string; readonly test: string }> {
    const door = this.doors[name]!;
    const test = await ask(door, { headers: { 'x-release': 'canary' } });
    return { production: (await ask(door)).body, test: test.body };
  }

  /** Releases that have a task running, by service. */
  running(): string[] {
    return [...this.tasks].map(([id, { release }]) => `${id.split('#')[0]} ${release}`).sort();
  }

  /** End every task of a release, as a crash would. */
  crash(release: string): void {
    for (const task of this.tasks.values()) if (task.release === release) task.end('exit code 1');
  }

  /** Resolves when the next task of a release has started. */
  nextTask(release: string): Promise<void> {
    return new Promise((resolve) => this.awaited.push({ release, resolve }));
  }

  /** What was told of a service, one word each. */
  told(service: string, kind: Happening['kind']): string[] {
    const of = this.happenings.filter((happening) => happening.service === service && happening.kind === kind);
    return of.map((happening) => String(Object.values(happening)[3]));
  }

  async close(): Promise<void> {
    this.shutdown.abort(new Error('the test is over'));
    await this.router.close();
    for (const task of [...this.tasks.values()]) task.end('the test is over');
  }

  private async start(revision: Revision): Promise<Task> {
    if (this.options.dead?.includes(revision.release)) throw new Error(`${revision.service}: exit code 1`);
    const server = createServer((_, response) => response.end(revision.release));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const id = `${revision.service}#${port}`;
    const ended = new Promise<string>((resolve) => {
      const end = (how: string) => {
        this.tasks.delete(id);
        server.closeAllConnections();
        server.close(() => resolve(how));
      };
      this.tasks.set(id, { release: revision.release, end });
    });
    for (const { release, resolve } of this.awaited) if (release === revision.release) resolve();
    const stop = async () => {
      this.tasks.get(id)?.end('stopped');
      await ended;
    };
    return { target: { host: '127.0.0.1', port }, ended, stop };
  }
}

export function revision(service: string, release: string): Revision {
  return { arn: arnOf('service-revision', service, release), service, release, digests: [`sha256:${release}`] };
}

async function service(router: Router, name: string, options: ClusterOptions): Promise<WebService> {
  const groups = [router.addGroup(`${name}-a`), router.addGroup(`${name}-b`)] as const;
  const born = { [groups[0].name]: 1, [groups[1].name]: 0 };
  const rules = [
    { name: 'test', header: { name: 'x-release', value: '*' }, weights: born },
    { name: 'production', weights: born },
  ];
  const listener = await router.listen({ name, rules });
  const { bakes = 'before-hook', hooks = GATED, hookTimeoutMinutes = 60 } = options;
  const canary = { kind: 'CANARY', percent: 10, stepBakeMinutes: 2, bakes } as const;
  return new WebService({
    ...{ name, groups, hooks, hookTimeoutMinutes, finalBakeMinutes: 1, tasks: 1 },
    lane: name === 'edge' ? 'front' : 'inner',
    strategy: name === 'edge' ? canary : { kind: 'BLUE_GREEN' },
    production: { listener, rule: 'production' },
    test: { listener, rule: 'test' },
  });
}

/** Fails for v2 where `when` says so, passes everything else. */
export const failing = (when: (event: HookEvent) => boolean) => (event: HookEvent) => ({
  hookStatus: event.executionDetails.targetServiceRevisionArn.endsWith('v2') && when(event) ? 'FAILED' : 'SUCCEEDED',
});

/** `v2 10` for each revision an event gives a weight. */
export const weightsOf = (event: HookEvent) =>
  Object.entries(event.executionDetails.productionTrafficWeights).map(
    ([arn, weight]) => `${arn.split('/').at(-1)} ${weight}`,
  );

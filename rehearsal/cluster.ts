import { setMaxListeners } from 'node:events';
import type { HookEvent } from '../lambda/gate/hook';
import { Clock } from './clock';
import { boundsIn, type ClusterPlan } from './cluster-plan';
import { ControllerApi } from './controller/api';
import { Controller } from './controller/controller';
import type { DeploymentSurroundings } from './controller/deployment';
import { DeploymentAlarms } from './controller/deployment-alarms';
import type { Observe } from './controller/observe';
import { WorkerService } from './controller/worker-service';
import type { Fault } from './faults/fault';
import { type Entrances, openEntrances } from './front-door';
import { ReleaseFunctions } from './functions/release-functions';
import type { Places } from './places';
import { pointerFile } from './ports/pointer-file';
import type { RunFolder } from './processes/run-folder';
import type { Answered } from './router/exchange';
import { seeded } from './router/random';
import { Router } from './router/router';
import type { Secrets } from './services/secrets';
import type { ServiceWiring } from './services/service-environment';
import { TaskStarter } from './services/task-starter';
import { TrafficMeter } from './traffic/traffic-meter';
import { webServices } from './web-services';

export interface ClusterOptions {
  readonly folder: RunFolder;
  /** Folder of the ledger. */
  readonly ledger: string;
  readonly plan: ClusterPlan;
  readonly secrets: Secrets;
  /** As the services are to see them. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly seed: number;
  /** Of the users' entrance; 0 for a free one. */
  readonly port: number;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
  readonly observe: Observe;
}

const REAL_MINUTE_MS = 60_000;
const SIGNALS_READ_SECONDS = 10;

/** Everything a release needs around it, on this machine: balancer, controller, tasks, gate, prober and alarms. */
export class Cluster {
  readonly controller: Controller;
  readonly functions: ReleaseFunctions;
  readonly tasks: TaskStarter;
  readonly meter: TrafficMeter;
  readonly alarms: DeploymentAlarms;
  /** Releases with something wrong in them. */
  readonly faults = new Map<string, Fault>();
  private readonly api: ControllerApi;
  private readonly shutdown = new AbortController();
  private readonly signalReader: NodeJS.Timeout;
  private known: Places;

  /** @throws Error when the port is taken */
  static async open(options: ClusterOptions): Promise<Cluster> {
    const meter = new TrafficMeter(options.folder.folder('metrics'));
    const counting: { count(answered: Answered): void } = { count: () => undefined };
    const router = new Router({ random: seeded(options.seed), onAnswered: (answered) => counting.count(answered) });
    try {
      const entrances = await openEntrances(router, options.plan.model, options.port);
      counting.count = countingBy(entrances[options.plan.model.front]!, meter);
      const cluster = new Cluster(options, router, { entrances, meter });
      await pointerFile(cluster.known.pointer).write(undefined);
      await cluster.listen();
      return cluster;
    } catch (cause) {
      await router.close();
      throw cause;
    }
  }

  private constructor(
    private readonly options: ClusterOptions,
    private readonly router: Router,
    { entrances, meter }: { readonly entrances: Readonly<Record<string, Entrances>>; readonly meter: TrafficMeter },
  ) {
    const { folder, plan, program, secrets, seed } = options;
    const { minuteMs } = plan.gate;
    // Every deployment and each of its waits listens.
    setMaxListeners(0, this.shutdown.signal);
    this.meter = meter;
    this.known = placesIn(options, entrances);
    this.alarms = new DeploymentAlarms(this.known.metrics, minuteMs);
    const faultOf = (release: string) => this.faults.get(release);
    const wiring = wiringOf(options, entrances, this.known);
    const bounds = boundsIn(plan.model.probes, minuteMs);
    this.tasks = new TaskStarter({ folder, program, minuteMs, bounds, seed, faultOf, wiring });
    this.functions = new ReleaseFunctions({
      ...{ folder, program, plan, places: () => this.known },
      account: { user: 'probe', password: secrets.probePassword },
    });
    this.controller = controllerFor(plan, entrances, this.surroundings());
    this.api = new ControllerApi(this.controller);
    const refresh = () => void this.alarms.refresh().catch(() => undefined);
    this.signalReader = setInterval(refresh, new Clock(minuteMs).ofSeconds(SIGNALS_READ_SECONDS));
  }

  get places(): Places {
    return this.known;
  }

  /** End every process of it and leave no port open. */
  async close(): Promise<void> {
    clearInterval(this.signalReader);
    this.shutdown.abort(new Error('the rehearsal is over'));
    await this.functions.close();
    await this.tasks.stopAll();
    this.api.close();
    await this.router.close();
  }

  private async listen(): Promise<void> {
    const [controllerUrl, gateUrl] = [await this.api.listen(), await this.functions.open()];
    this.known = { ...this.known, controllerUrl, gateUrl };
  }

  private surroundings(): DeploymentSurroundings {
    return {
      clock: new Clock(this.options.plan.gate.minuteMs),
      invoke: (event: HookEvent) => this.functions.gate.invoke(event),
      alarms: this.alarms.all,
      start: this.tasks.start,
      observe: this.options.observe,
      shutdown: this.shutdown.signal,
    };
  }
}

function controllerFor(
  plan: ClusterPlan,
  entrances: Readonly<Record<string, Entrances>>,
  around: DeploymentSurroundings,
): Controller {
  return new Controller(
    {
      services: webServices(plan, entrances),
      workers: new WorkerService('worker', around),
      canaryWorkers: new WorkerService('worker-canary', around),
    },
    around,
  );
}

/** Both of the front's groups are counted, by the release that is in them: the groups swap roles. */
function countingBy({ groups }: Entrances, meter: TrafficMeter): (answered: Answered) => void {
  return (answered) => {
    const release = groups.find(({ name }) => name === answered.group)?.release;
    if (release !== undefined) meter.count(release, answered);
  };
}

function placesIn({ folder, ledger, plan }: ClusterOptions, entrances: Readonly<Record<string, Entrances>>): Places {
  const tests = Object.entries(entrances).map(([name, { test }]) => [name, test.url]);
  return {
    ledger,
    metrics: folder.folder('metrics'),
    pointer: `${folder.path}/pointer`,
    notices: `${folder.path}/notices.ndjson`,
    testUrls: Object.fromEntries(tests),
    productionUrl: entrances[plan.model.front]!.production.url,
    // Known once they listen; nobody asks before.
    ...{ controllerUrl: '', gateUrl: '' },
  };
}

function wiringOf(
  { databaseUrl, queueUrl, secrets, plan }: ClusterOptions,
  entrances: Readonly<Record<string, Entrances>>,
  { pointer, productionUrl }: Places,
): ServiceWiring {
  const inner = Object.entries(entrances).filter(([name]) => name !== plan.model.front);
  return {
    ...{ databaseUrl, queueUrl, secrets, pointer, productionUrl },
    innerUrls: Object.fromEntries(inner.map(([name, { production }]) => [name, production.url])),
    compression: REAL_MINUTE_MS / plan.gate.minuteMs,
  };
}

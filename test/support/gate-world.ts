import { createGate, type Gate } from '../../lambda/gate/gate';
import type { HookAnswer, HookEvent, Lane, LifecycleStage } from '../../lambda/gate/hook';
import { Ledger } from '../../lambda/gate/ledger';
import type { DeploymentStatus, GatePorts, LedgerStore, ServiceDeployment } from '../../lambda/gate/ports';
import type { GateConfig } from '../../lib/model/gate-config';
import { DEFAULT_PLAN } from '../../lib/model/gate-defaults';
import type { Minute } from '../../lib/model/gate-plan';
import type { CanaryPointer, Release } from '../../lib/model/release';

const { release: _r, stable: _s, hotfix: _h, ...TEMPLATE } = DEFAULT_PLAN;

export const GATE_CONFIG: GateConfig = {
  ...{ system: 'coach', env: 'prod', canaryWorkers: 1, plan: TEMPLATE },
  services: [
    { name: 'edge', lane: 'front' },
    { name: 'core', lane: 'inner' },
  ],
  ...{ minuteMs: 60_000, closeAfterMin: 1.5, rendezvousMin: 15, pointerMin: 180 },
};

export function aRelease(id: string): Release {
  return {
    ...{ id, gitTag: id, schema: { migration: 'none', version: '0003' }, expected: { ai: 'ab'.repeat(32) } },
    digests: { edge: `sha256:edge-${id}`, core: `sha256:core-${id}` },
  };
}

export class MemoryStore implements LedgerStore {
  readonly files = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.files.get(key);
  }

  async putIfAbsent(key: string, body: string): Promise<boolean> {
    if (this.files.has(key)) return false;
    this.files.set(key, body);
    return true;
  }

  async put(key: string, body: string): Promise<void> {
    this.files.set(key, body);
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.files.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}

/** An AWS account in memory: deployments that a test moves by hand, and everything the gate did to it. */
export class GateWorld {
  config = GATE_CONFIG;
  readonly store = new MemoryStore();
  readonly ledger = new Ledger(this.store);
  readonly deployments = new Map<string, ServiceDeployment>();
  readonly notices: string[] = [];
  readonly signals: string[] = [];
  readonly stopped: string[] = [];
  pointer: CanaryPointer | undefined;
  minutes: readonly Minute[] = [];
  /** What the metrics' API answers in place of minutes. */
  unreadable: string | undefined;
  workers = { desired: 0, running: 0, release: undefined as string | undefined };
  smoke = { release: undefined as string | undefined, healthy: true, detail: '' };
  now = Date.parse('2026-11-21T08:00:00Z');
  /** Cuts the gate short at the port call of this number, once, before or after the call has done its work. */
  cut: { readonly call: number; readonly when: 'before' | 'after' } = {
    call: Number.POSITIVE_INFINITY,
    when: 'before',
  };
  calls = 0;

  static async withStable(id = 'v1'): Promise<GateWorld> {
    const world = new GateWorld();
    await world.ledger.writeStable(id);
    for (const release of [id, 'v2', 'v3'])
      world.store.files.set(`releases/${release}/release.json`, JSON.stringify(aRelease(release)));
    return world;
  }

  gate(): Gate {
    return createGate(this.config, this.counted(this.ports()));
  }

  /** Begin the deployment of a release to a service. */
  deploy(service: string, release: string, changes: Partial<ServiceDeployment> = {}): void {
    const lane: Lane = service === 'edge' ? 'front' : 'inner';
    this.deployments.set(service, {
      ...{
        arn: `deployment/${service}/${release}`,
        service,
        lane,
        release,
        status: 'IN_PROGRESS',
        weight: 0,
        alarms: 'MONITORING',
      },
      ...{
        digests: [`sha256:${service}-${release}`],
        sourceRevisions: [`revision/${service}/v1`],
        startedAt: '2026-11-21T08:00:00Z',
      },
      ...changes,
    });
    this.smoke = { ...this.smoke, release };
  }

  move(service: string, status: DeploymentStatus, rollback?: string): void {
    this.deployments.set(service, { ...this.deployments.get(service)!, status, rollback });
  }

  /** Both services of v2 begin, answer their smoke test, and Core stands ready. */
  async assemble(): Promise<void> {
    for (const service of ['edge', 'core']) {
      this.deploy(service, 'v2');
      await this.hook(service, 'PRE_SCALE_UP');
    }
    for (const service of ['edge', 'core']) await this.hook(service, 'POST_TEST_TRAFFIC_SHIFT');
    await this.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT');
  }

  /** The same, and v2 takes its first share. */
  async start(): Promise<void> {
    await this.assemble();
    await this.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1');
  }

  hook(service: string, stage: LifecycleStage, execution = `${service}-${stage}`): Promise<HookAnswer> {
    return this.gate().onHook(this.event(service, stage, execution));
  }

  event(service: string, lifecycleStage: LifecycleStage, executionId: string): HookEvent {
    const { arn } = this.deployments.get(service)!;
    const executionDetails = {
      ...{ serviceArn: `service/${service}`, targetServiceRevisionArn: `revision/${arn}` },
      ...{ testTrafficWeights: {}, productionTrafficWeights: {} },
    };
    return { executionId, lifecycleStage, resourceArn: arn, executionDetails };
  }

  ports(): GatePorts {
    return {
      ledger: this.store,
      metrics: {
        publish: async () => undefined,
        minutes: async () => {
          if (this.unreadable) throw new Error(this.unreadable);
          return this.minutes;
        },
        signal: async (name, value) => void this.signals.push(`${name}=${value}`),
      },
      pointer: {
        read: async () => this.pointer,
        write: async (pointer) => {
          this.pointer = pointer;
        },
      },
      deployments: {
        describe: async (arn) => [...this.deployments.values()].find((deployment) => deployment.arn === arn)!,
        latest: async () => [...this.deployments.values()],
        stop: async (arn) => {
          this.stopped.push(arn);
          const { service } = [...this.deployments.values()].find((deployment) => deployment.arn === arn)!;
          this.move(service, 'ROLLBACK_IN_PROGRESS', 'stopped');
        },
        scaleCanaryWorkers: async (count) => {
          const release = [...this.deployments.values()][0]?.release;
          this.workers = { desired: count, running: count, release };
        },
        canaryWorkers: async () => this.workers,
      },
      notices: { notify: async (subject) => void this.notices.push(subject) },
      smoke: { ask: async () => this.smoke },
      now: () => this.now,
    };
  }

  /** Every port, with the call that is to fail failing. */
  private counted(ports: GatePorts): GatePorts {
    const guard = (port: object) =>
      new Proxy(port, {
        get: (target, name) => {
          const method = Reflect.get(target, name);
          return async (...args: unknown[]) => {
            this.calls += 1;
            const isCut = this.calls === this.cut.call;
            if (isCut && this.cut.when === 'before') throw new Error('cut short');
            const result = await method.apply(target, args);
            if (isCut) throw new Error('cut short');
            return result;
          };
        },
      });
    const { now, ...others } = ports;
    const guarded = Object.fromEntries(Object.entries(others).map(([name, port]) => [name, guard(port)]));
    return { ...guarded, now } as unknown as GatePorts;
  }
}

const HOOKED: readonly LifecycleStage[] = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'];

/** The gate's answers at each stage that has a hook, as if none of them ended the deployment. */
export async function throughEveryHook(world: GateWorld, service: string): Promise<readonly HookAnswer[]> {
  const answers: HookAnswer[] = [];
  for (const stage of HOOKED) answers.push(await world.hook(service, stage));
  return answers;
}

const CLEAN: Minute['probes'] = Object.fromEntries(
  TEMPLATE.probes.map(({ id, perMinute }) => {
    const arm = { n: perMinute, breaches: 0, hard: 0 };
    return [id, { canary: arm, stable: arm, misrouted: 0 }];
  }),
);

/** Minutes in which every probe came back on both arms without a breach. */
export function cleanMinutes(count: number): Minute[] {
  return Array.from({ length: count }, (_, i) => ({ minute: i + 1, probes: CLEAN }));
}

/** The same, with some of the canary's logins in breach in every minute. */
export function slowMinutes(count: number, breaches: number): Minute[] {
  const login = { canary: { n: 20, breaches, hard: 0 }, stable: { n: 20, breaches: 0, hard: 0 }, misrouted: 0 };
  return cleanMinutes(count).map((minute) => ({ ...minute, probes: { ...minute.probes, login } }));
}

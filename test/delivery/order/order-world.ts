import { type OrderPorts, Refusal } from '../../../delivery/order/ports';
import { runOrder } from '../../../delivery/order/run-order';
import type { LifecycleStage } from '../../../lambda/gate/hook';
import { hasEnded } from '../../../lambda/gate/ports';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

const HOOKED: readonly LifecycleStage[] = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'];
const TUESDAY_NOON = Date.parse('2026-11-24T04:00:00Z');

/** The state of a world in which everybody is on a release. */
export const EVERYBODY = (release: string) => ({
  ...{ edge: release, core: release, workers: release, site: release },
  ...{ pointer: undefined, canaryWorkers: 0 },
});

/** Thrown where a test kills whoever carries out an order. */
export class Killed extends Error {}

/**
 * The account in which an order is carried out: the real gate, with ECS played in steps, one at each pause. What runs where is plain
 * to see at the end.
 */
export class OrderWorld {
  /** Release of each service, as users see it. */
  readonly serving: Record<string, string> = { edge: 'v1', core: 'v1' };
  workers = 'v1';
  site = 'v1';
  schema = '0003';
  backups = new Map<string, string>();
  firing: string[] = [];
  /** What goes wrong for good, by name of the call. */
  refused: Record<string, string> = {};
  healthy = true;
  now = TUESDAY_NOON;
  /** The call at which whoever carries out the order is killed, before or after it has done its work. */
  kill: { readonly call: number; readonly when: 'before' | 'after' } = {
    call: Number.POSITIVE_INFINITY,
    when: 'before',
  };
  calls = 0;
  private readonly steps = new Map<string, number>();

  private constructor(readonly gate: GateWorld) {}

  static async with(kind: 'good' | 'slow'): Promise<OrderWorld> {
    const world = new OrderWorld(await GateWorld.withStable());
    world.gate.now = TUESDAY_NOON;
    world.gate.minutes = kind === 'good' ? cleanMinutes(30) : slowMinutes(6, 8);
    return world;
  }

  run(options: Partial<Parameters<typeof runOrder>[1]> = {}) {
    return runOrder(this.counted(), { release: 'v2', ...options });
  }

  /** Carry out the order once more whenever it was killed. */
  async toItsEnd() {
    for (;;) {
      try {
        return await this.run();
      } catch (cause) {
        if (!(cause instanceof Killed)) throw cause;
      }
    }
  }

  /** Everything that users, jobs and viewers meet, as one value. */
  state() {
    const { pointer, workers } = this.gate;
    return { ...this.serving, workers: this.workers, site: this.site, pointer, canaryWorkers: workers.desired };
  }

  private ports(): OrderPorts {
    const done = (call: string) => {
      if (this.refused[call]) throw new Refusal(this.refused[call]);
    };
    return {
      ledger: this.gate.store,
      notices: { notify: async (subject, text) => void this.gate.notices.push(`${subject} (${text})`) },
      alarms: { firing: async () => this.firing },
      database: {
        backUp: async (release) => {
          if (!this.backups.has(release)) this.backups.set(release, `snapshot-${this.backups.size + 1}`);
          return this.backups.get(release)!;
        },
        migrations: async () => ['0003'],
        migrate: async () => {
          done('migrate');
          this.schema = '0003';
        },
      },
      services: {
        latest: async () => [...this.gate.deployments.values()],
        begin: async (release) => {
          for (const service of ['edge', 'core']) this.begin(service, release);
        },
        putBack: async (release) => {
          for (const service of ['edge', 'core']) this.serving[service] = release;
        },
      },
      workers: {
        deploy: async (release) => {
          if (release === 'v2') done('workers');
          this.workers = release;
        },
      },
      sites: {
        point: async (release) => {
          if (release === 'v2') done('sites');
          this.site = release;
        },
      },
      smoke: { ask: async () => ({ release: this.serving.edge, healthy: this.healthy, detail: '200' }) },
      report: { write: async (release) => `${release} is written down` },
      now: () => this.now,
      pause: () => this.pause(),
    };
  }

  private begin(service: string, release: string): void {
    if (this.gate.deployments.get(service)?.release === release) return;
    this.gate.deploy(service, release);
    this.steps.set(service, 0);
  }

  /** What happens in the account while somebody waits: each deployment takes its next step, and a minute ends. */
  private async pause(): Promise<void> {
    for (const deployment of [...this.gate.deployments.values()]) {
      if (!hasEnded(deployment)) await this.step(deployment.service);
    }
    await this.gate.gate().tick();
  }

  private async step(service: string): Promise<void> {
    const deployment = this.gate.deployments.get(service)!;
    if (deployment.status === 'ROLLBACK_IN_PROGRESS') {
      this.serving[service] = 'v1';
      return this.gate.move(service, 'ROLLBACK_SUCCESSFUL', deployment.rollback);
    }
    const number = this.steps.get(service)!;
    const stages = service === 'edge' ? [...HOOKED, HOOKED[2]!] : HOOKED;
    const stage = stages[number];
    if (stage === undefined) return this.gate.move(service, 'SUCCESSFUL');
    const { hookStatus } = await this.gate.hook(service, stage, `${service}-${number}`);
    if (hookStatus === 'FAILED') return this.gate.move(service, 'ROLLBACK_IN_PROGRESS', `hook ${stage} failed`);
    if (hookStatus === 'IN_PROGRESS') return;
    this.steps.set(service, number + 1);
    if (number === stages.length - 1) this.serving[service] = deployment.release;
  }

  /** Every call of a port may be the one at which the caller is killed. */
  private counted(): OrderPorts {
    const guard = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function') return guard(value as object);
          if (name === 'now') return value;
          return async (...args: unknown[]) => {
            this.calls += 1;
            const isKilled = this.calls === this.kill.call;
            if (isKilled && this.kill.when === 'before') throw new Killed();
            const result = await value.apply(target, args);
            if (isKilled) throw new Killed();
            return result;
          };
        },
      });
    return guard(this.ports());
  }
}

import type { Cluster } from './cluster';
import type { Environment } from './environment';
import type { LagProxy } from './stores/lag-proxy';
import type { Crowd } from './traffic/crowd';

export interface Disturbed {
  readonly cluster: Cluster;
  readonly line: LagProxy;
  readonly crowd: Crowd;
  readonly minuteMs: number;
}

/** What surrounds one release, and what a fault does to it at its minutes; {@link end} makes everything good again. */
export class ReleaseEnvironment implements Environment {
  private readonly plans: { readonly minute: number; action(): void | Promise<void> }[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private begun = false;

  constructor(
    private readonly release: string,
    private readonly around: Disturbed,
    private readonly onTrouble: (what: string) => void,
  ) {}

  /** The canary takes its share: minutes are counted from now. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    for (const { minute, action } of this.plans) {
      this.timers.push(setTimeout(() => this.act(action), minute * this.around.minuteMs));
    }
  }

  end(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.slowDatabase(0);
    this.cutDatabase(false);
    this.around.crowd.slowDown(false);
  }

  at(minute: number, action: () => void | Promise<void>): void {
    this.plans.push({ minute, action });
  }

  slowDatabase(lagMs: number): void {
    this.around.line.slow(lagMs);
  }

  cutDatabase(isCut: boolean): void {
    this.around.line.cut(isCut);
  }

  slowUsers(): void {
    this.around.crowd.slowDown(true);
  }

  killGate(): Promise<void> {
    return this.around.cluster.functions.killGate();
  }

  killProber(): Promise<void> {
    return this.around.cluster.functions.killProber();
  }

  killTasks(service: string): void {
    this.around.cluster.tasks.kill(service, this.release);
  }

  private act(action: () => void | Promise<void>): void {
    Promise.resolve()
      .then(action)
      .catch((cause: Error) => this.onTrouble(cause.message));
  }
}

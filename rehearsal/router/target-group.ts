/** A task that a balancer may send requests to. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The tasks of one revision, asked in turn. */
export class TargetGroup {
  private readonly targets: Target[] = [];
  private turn = 0;
  /** Release of the tasks in it, for the metrics: the groups swap roles at every deployment. */
  release: string | undefined;

  constructor(readonly name: string) {}

  register(target: Target): void {
    this.targets.push(target);
  }

  deregister(target: Target): void {
    const index = this.targets.findIndex(({ host, port }) => host === target.host && port === target.port);
    if (index >= 0) this.targets.splice(index, 1);
  }

  get size(): number {
    return this.targets.length;
  }

  next(): Target | undefined {
    this.turn += 1;
    return this.targets[this.turn % this.targets.length];
  }
}

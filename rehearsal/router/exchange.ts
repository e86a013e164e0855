import type { ClientRequest } from 'node:http';

/** One request as a balancer's metrics see it. */
export interface Answered {
  readonly listener: string;
  /** Undefined if no target group was chosen. */
  readonly group?: string;
  readonly status: number;
  /** Until the answer's head: what AWS calls the target response time. */
  readonly ms: number;
  /** `balancer`: no target answered, and the balancer made the status up itself. */
  readonly by: 'target' | 'balancer';
}

/** One request on its way: counted once, given up when the target stays silent. */
export class Exchange {
  timedOut = false;
  private readonly started = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private settled = false;

  constructor(
    private readonly listener: string,
    private readonly group: string | undefined,
    private readonly onAnswered: (answered: Answered) => void,
  ) {}

  /** Start the target's time; when it is over the request to it is destroyed, which the proxy reports as an error. */
  limit(upstream: ClientRequest, withinMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timedOut = true;
      upstream.destroy();
    }, withinMs);
  }

  /** True once the target's answer, or ours in its place, is settled. */
  get isSettled(): boolean {
    return this.settled;
  }

  settle(status: number, by: Answered['by']): void {
    if (this.settled) return;
    this.abandon();
    this.onAnswered({
      listener: this.listener,
      group: this.group,
      status,
      ms: performance.now() - this.started,
      by,
    });
  }

  /** The client went away before there was an answer: nothing to count. */
  abandon(): void {
    clearTimeout(this.timer);
    this.settled = true;
  }
}

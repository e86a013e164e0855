import type { Answered } from './exchange';
import { Forwarder } from './forwarder';
import { Listener, type ListenerOptions } from './listener';
import { TargetGroup } from './target-group';

export interface RouterOptions {
  /** In [0, 1); decides which target group of a weighted rule takes a request. */
  readonly random: () => number;
  /** How long a target may stay silent before the client is answered 504. @default 60000, as an ALB */
  readonly answerWithinMs?: number;
  readonly onAnswered?: (answered: Answered) => void;
}

/** Stands in for the load balancer: listeners with ordered rules, weighted target groups, websockets, and its own 502, 503 and 504. */
export class Router {
  private readonly groups = new Map<string, TargetGroup>();
  private readonly listeners: Listener[] = [];
  private readonly forwarder: Forwarder;

  constructor(private readonly options: RouterOptions) {
    this.forwarder = new Forwarder(options.answerWithinMs ?? 60_000);
  }

  addGroup(name: string): TargetGroup {
    const group = new TargetGroup(name);
    this.groups.set(name, group);
    return group;
  }

  /** @throws Error when the port is taken */
  async listen(options: ListenerOptions): Promise<Listener> {
    const { random, onAnswered = () => undefined } = this.options;
    const listener = new Listener(options, { forwarder: this.forwarder, groups: this.groups, random, onAnswered });
    await listener.listen();
    this.listeners.push(listener);
    return listener;
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
    this.forwarder.close();
  }
}

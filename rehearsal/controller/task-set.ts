import type { TargetGroup } from '../router/target-group';
import type { Revision, StartTask, Task } from './revision';

/** Tasks that may fail in a row before a deployment is given up; ECS's least. */
const FAILURE_LIMIT = 3;

export interface TaskSetOptions {
  readonly revision: Revision;
  readonly start: StartTask;
  /** Where the balancer finds the tasks; none for workers. */
  readonly group?: TargetGroup;
  readonly onTaskEnded?: (how: string) => void;
  /** Once aborted nothing is started any more: the rehearsal is over. */
  readonly shutdown: AbortSignal;
}

/** The tasks of one revision, kept at a number: one that ends is replaced, unless replacements keep failing. */
export class TaskSet {
  /** Rejects when replacements failed too often in a row: ECS's deployment circuit breaker. */
  readonly broken: Promise<never>;
  private readonly tasks = new Set<Task>();
  private desired = 0;
  private failures = 0;
  private giveUp: (reason: Error) => void = () => undefined;
  private filling: Promise<void> = Promise.resolve();

  constructor(private readonly options: TaskSetOptions) {
    this.broken = new Promise((_, reject) => {
      this.giveUp = reject;
    });
    this.broken.catch(() => undefined);
  }

  get revision(): Revision {
    return this.options.revision;
  }

  get size(): { readonly desired: number; readonly running: number } {
    return { desired: this.desired, running: this.tasks.size };
  }

  /** Start or stop tasks until `count` of them run. Resolves also when that was given up; see {@link broken}. */
  async scale(count: number): Promise<void> {
    this.desired = count;
    this.filling = this.filling.then(() => this.adjust());
    await this.filling;
  }

  private get wantsMore(): boolean {
    return this.tasks.size < this.desired && this.failures < FAILURE_LIMIT && !this.options.shutdown.aborted;
  }

  private async adjust(): Promise<void> {
    while (this.wantsMore) await this.startOne();
    const surplus = [...this.tasks].slice(this.desired);
    await Promise.all(surplus.map((task) => this.stopOne(task)));
  }

  private async startOne(): Promise<void> {
    try {
      const task = await this.options.start(this.revision);
      this.failures = 0;
      this.admit(task);
    } catch (cause) {
      this.failed((cause as Error).message);
    }
  }

  private admit(task: Task): void {
    this.tasks.add(task);
    if (task.target) this.options.group?.register(task.target);
    void task.ended.then((how) => {
      if (!this.tasks.has(task)) return;
      this.remove(task);
      this.options.onTaskEnded?.(how);
      void this.scale(this.desired);
    });
  }

  private failed(why: string): void {
    this.failures += 1;
    this.options.onTaskEnded?.(why);
    if (this.failures >= FAILURE_LIMIT)
      this.giveUp(new Error(`tasks failed to start ${FAILURE_LIMIT} times in a row, at last: ${why}`));
  }

  private async stopOne(task: Task): Promise<void> {
    this.remove(task);
    await task.stop();
  }

  private remove(task: Task): void {
    this.tasks.delete(task);
    if (task.target) this.options.group?.deregister(task.target);
  }
}

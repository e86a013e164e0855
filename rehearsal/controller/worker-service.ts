import type { DeploymentSurroundings } from './deployment';
import type { Revision } from './revision';
import { TaskSet } from './task-set';

type WorkerSurroundings = Pick<DeploymentSurroundings, 'start' | 'observe' | 'shutdown'>;

/** A service nobody calls: it takes jobs. Deployed rolling, with a circuit breaker; a revision may also stand ready with no task. */
export class WorkerService {
  private tasks: TaskSet | undefined;

  constructor(
    readonly name: string,
    private readonly around: WorkerSurroundings,
  ) {}

  describe(): { readonly desired: number; readonly running: number; readonly release: string | undefined } {
    return { ...(this.tasks?.size ?? { desired: 0, running: 0 }), release: this.tasks?.revision.release };
  }

  /**
   * Replace the running revision by another, new tasks first.
   *
   * @throws Error when its tasks keep failing; the old ones go on
   */
  async roll(revision: Revision, count: number): Promise<void> {
    const old = this.tasks;
    const replacement = this.taskSet(revision);
    this.tell(revision, count);
    try {
      await Promise.race([replacement.scale(count), replacement.broken]);
      this.tasks = replacement;
      await old?.scale(0);
    } catch (cause) {
      await replacement.scale(0);
      throw cause;
    }
  }

  /** Resolves when so many tasks run, or that was given up. */
  async scale(count: number): Promise<void> {
    if (!this.tasks || this.tasks.size.desired === count) return;
    this.tell(this.tasks.revision, count);
    await this.tasks.scale(count);
  }

  private taskSet(revision: Revision): TaskSet {
    const { start, observe, shutdown } = this.around;
    const onTaskEnded = (what: string) =>
      observe({ service: this.name, release: revision.release, kind: 'task', what });
    return new TaskSet({ revision, start, onTaskEnded, shutdown });
  }

  private tell({ release }: Revision, count: number): void {
    this.around.observe({ service: this.name, release, kind: 'scale', count });
  }
}

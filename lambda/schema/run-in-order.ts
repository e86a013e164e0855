/** Where one-off tasks run. */
export interface TaskRunner {
  /** @returns the task's ARN */
  start(family: string): Promise<string>;
  look(task: string): Promise<TaskState>;
  /** Between two looks. */
  pause(): Promise<void>;
  /** Whether there is no time left for another look. */
  isLate(): boolean;
}

export interface TaskState {
  readonly hasStopped: boolean;
  /** Of its first container. @default - none: it never ran */
  readonly exitCode?: number;
  readonly reason?: string;
}

/**
 * Run each task to its end before the next begins.
 *
 * @throws Error in one line if one cannot start, fails, or takes too long; those after it do not run
 */
export async function runInOrder(runner: TaskRunner, families: readonly string[]): Promise<void> {
  for (const family of families) {
    const { exitCode, reason } = await toItsEnd(runner, family);
    if (exitCode !== 0)
      throw new Error(
        `${family}: expected it to end with 0, got ${exitCode ?? 'no exit code'} (${reason ?? 'no reason given'}); read its log, then deploy again`,
      );
  }
}

async function toItsEnd(runner: TaskRunner, family: string): Promise<TaskState> {
  const task = await runner.start(family);
  for (;;) {
    const state = await runner.look(task);
    if (state.hasStopped) return state;
    if (runner.isLate()) throw new Error(`${family}: expected it to end in time, got ${task}, which still runs`);
    await runner.pause();
  }
}

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CELLS, type Cell } from './cells';
import { type CellResult, runCell } from './run-cell';

export interface Benchmark {
  readonly seed: number;
  readonly runs: number;
  readonly isQuick: boolean;
  readonly cells: readonly CellResult[];
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
}

export function defaultWorkers(): number {
  return availableParallelism();
}

/** What a worker is asked, and answers. */
export interface Task {
  readonly cell: string;
  readonly runs: number;
  readonly seed: number;
}

export function runTask({ cell, runs, seed }: Task): CellResult {
  return runCell(CELLS.find(({ name }) => name === cell)!, { runs, seed });
}

/**
 * Run cells on worker threads, the largest first, each worker taking the next as it is done.
 *
 * @param program file whose worker threads answer {@link Task}s
 * @param onDone called after each cell with how many are done
 */
export async function runAll(plan: Plan, program: URL, onDone: (done: number) => void): Promise<readonly CellResult[]> {
  const { cells, runs, seed } = plan;
  const waiting = cells.map(({ name }) => name);
  const results = new Map<string, CellResult>();
  const serve = async (): Promise<void> => {
    const worker = new Worker(program);
    try {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        results.set(cell, await ask(worker, { cell, runs, seed }));
        onDone(results.size);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(plan.workers, cells.length) }, serve));
  return cells.map(({ name }) => results.get(name)!);
}

function ask(worker: Worker, task: Task): Promise<CellResult> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: CellResult) => {
      worker.off('error', reject);
      resolve(result);
    });
    worker.postMessage(task);
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunFolder } from './run-folder';

export interface ChildOptions {
  /** For people, and the name of its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** User and group to run as. */
  readonly runAs?: number;
  /** @default SIGTERM */
  readonly endSignal?: NodeJS.Signals;
  /** How long it may take to end by itself once asked. @default 5000 */
  readonly graceMs?: number;
  /** Told every line of its output. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended, for people: `exit code 1`, `signal SIGKILL`. */
export type Ending = string;

const TAIL_LINES = 12;

/** One process of a rehearsal: remembered in the run folder until it has ended, its output kept in `logs/<name>.log`. */
export class Child {
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<Ending>;
  private readonly tail: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();
  private stopping = false;

  private constructor(
    folder: RunFolder,
    private readonly options: ChildOptions,
    private readonly child: ChildProcess,
  ) {
    this.pid = child.pid!;
    this.remember(folder);
    const log = createWriteStream(join(folder.folder('logs'), `${options.name}.log`), { flags: 'a' });
    log.on('error', () => undefined); // A full disk is reported by whoever needs the space, not by the log.
    this.read(log);
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        folder.forget(this.pid);
        log.end();
        resolve(signal ? `signal ${signal}` : `exit code ${code}`);
      });
    });
  }

  /** @throws Error when the program cannot be started at all */
  static async start(folder: RunFolder, options: ChildOptions): Promise<Child> {
    const child = spawn(options.command, [...options.args], {
      // Ctrl-C reaches every process of a terminal's group; these end in an order of our own.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd ?? folder.path,
      env: options.env ?? process.env,
      uid: options.runAs,
      gid: options.runAs,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new Error(`${options.name}: cannot be started, ${cause.message}`)));
    });
    return new Child(folder, options, child);
  }

  get name(): string {
    return this.options.name;
  }

  /** True from the moment {@link stop} was called: its end is then no surprise. */
  get wasStopped(): boolean {
    return this.stopping;
  }

  /**
   * Wait for the first line of output for which `match` gives a value.
   *
   * @throws Error with the process's last lines when it ends, or says nothing of the kind in time
   */
  async firstLine<T>(match: (line: string) => T | undefined, withinMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let listener: ((line: string) => void) | undefined;
    const seen = new Promise<T>((resolve) => {
      listener = (line) => {
        const value = match(line);
        if (value !== undefined) resolve(value);
      };
      for (const line of this.tail) listener(line);
      this.listeners.add(listener);
    });
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.failure(`was not ready within ${withinMs / 1000} s`)), withinMs);
    });
    const gone = this.ended.then((ending) => Promise.reject(this.failure(`ended with ${ending} before it was ready`)));
    gone.catch(() => undefined);
    try {
      return await Promise.race([seen, gone, late]);
    } finally {
      clearTimeout(timer);
      this.listeners.delete(listener!);
    }
  }

  /** Ask it to end, kill it if it will not, and wait until it has ended. */
  async stop(signal: NodeJS.Signals = this.options.endSignal ?? 'SIGTERM'): Promise<void> {
    this.stopping = true;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), this.options.graceMs ?? 5_000);
    await this.ended;
    clearTimeout(timer);
  }

  /** kill -9, as a crash: its end is a surprise to everybody. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** `<name>: <what happened>`, with the last lines it wrote. */
  failure(what: string): Error {
    const words = this.tail.length > 0 ? `; its last lines:\n${this.tail.map((line) => `  ${line}`).join('\n')}` : '';
    return new Error(`${this.name}: ${what}${words}`);
  }

  /** A process that nobody would remember must not run: its folder may be gone, as the rehearsal is being ended. */
  private remember(folder: RunFolder): void {
    try {
      folder.remember(this.pid, this.options.endSignal ?? 'SIGTERM');
    } catch (cause) {
      this.child.kill('SIGKILL');
      throw new Error(`${this.name}: cannot be kept track of, ${(cause as Error).message}`);
    }
  }

  private read(log: WriteStream): void {
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.pipe(log, { end: false });
      createInterface({ input: stream }).on('line', (line) => {
        this.tail.push(line);
        if (this.tail.length > TAIL_LINES) this.tail.shift();
        this.options.onLine?.(line);
        for (const listener of [...this.listeners]) listener(line);
      });
    }
  }
}

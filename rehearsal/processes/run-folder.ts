import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOf } from './process-identity';

const PREFIX = 'sluice-';
const OWNER = 'owner';
const PROCESSES = 'processes';

/** How long a process may take to follow its own end signal before it is killed. */
const GRACE_MS = 3_000;
const POLL_MS = 20;

/**
 * The temporary folder of one rehearsal, which also remembers every process that was started for it.
 *
 * Whoever finds the folder after its owner died (the warden at once, or the next rehearsal) can end what is left from it.
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /** @throws Error when the system's temporary folder cannot be written to */
  static create(parent = tmpdir()): RunFolder {
    const path = mkdtempSync(join(parent, PREFIX));
    writeFileSync(join(path, OWNER), identity(process.pid));
    mkdirSync(join(path, PROCESSES));
    return new RunFolder(path);
  }

  /** A folder inside, made if it is not there. */
  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Remember a process, so that it can be ended by its own signal should this rehearsal be killed. */
  remember(pid: number, endSignal: NodeJS.Signals): void {
    writeFileSync(join(this.path, PROCESSES, String(pid)), `${identity(pid)} ${endSignal}`);
  }

  forget(pid: number): void {
    rmSync(join(this.path, PROCESSES, String(pid)), { force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * End and remove what rehearsals left behind that were killed before they could do so themselves.
 *
 * @returns how many were found
 */
export async function clearLeftovers(parent = tmpdir()): Promise<number> {
  const orphaned = readdirSync(parent)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(parent, name))
    .filter(isOrphaned);
  await Promise.all(orphaned.map(clearRun));
  return orphaned.length;
}

/** End every process a run folder remembers, and remove it. */
export async function clearRun(path: string): Promise<void> {
  await Promise.all(remembered(path).map(end));
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

interface Remembered {
  readonly pid: number;
  readonly start: string | undefined;
  readonly endSignal: NodeJS.Signals;
}

function remembered(path: string): Remembered[] {
  return entries(join(path, PROCESSES)).map((name) => parse(readFileSync(join(path, PROCESSES, name), 'utf8')));
}

function isOrphaned(path: string): boolean {
  try {
    const { pid, start } = parse(readFileSync(join(path, OWNER), 'utf8'));
    return startOf(pid) !== start;
  } catch {
    // Made a moment ago by a rehearsal that has not signed it yet, or by somebody else.
    return false;
  }
}

async function end({ pid, start, endSignal }: Remembered): Promise<void> {
  const lives = () => start !== undefined && startOf(pid) === start;
  if (lives()) signal(pid, endSignal);
  for (let waited = 0; lives() && waited < GRACE_MS; waited += POLL_MS) await delay(POLL_MS);
  if (lives()) signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}

function identity(pid: number): string {
  return `${pid} ${startOf(pid)}`;
}

/** Shape: `<pid> <start, may hold spaces> [<signal>]`. */
function parse(line: string): Remembered {
  const [, pid, start, endSignal] = /^(\d+) (.*?)(?: (SIG\w+))?$/.exec(line) ?? [];
  return { pid: Number(pid), start, endSignal: (endSignal ?? 'SIGKILL') as NodeJS.Signals };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

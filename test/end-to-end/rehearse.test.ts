import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
const WHOLE_PATH_MS = 110_000;
const START_MS = 40_000;
/** Short minutes and staging's short bake: the path is the same. */
const QUICK = ['--env', 'staging', '--minute', '1'];

let home: string;
let running: ChildProcess[];

beforeEach(() => {
  running = [];
  home = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  // As root the stores run as somebody else, who must be able to come in.
  chmodSync(home, 0o711);
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A rehearsal as a person starts it, with a temporary folder of its own. */
class Command {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;
  private readonly listeners = new Set<() => void>();

  constructor(...args: readonly string[]) {
    const env = { ...process.env, TMPDIR: home, DATABASE_URL: '', REDIS_URL: '' };
    const output = ['--output', join(home, 'output')];
    this.child = spawn(process.execPath, ['bin/run.mjs', 'rehearse', ...output, ...args], { cwd: ROOT, env });
    running.push(this.child);
    this.child.stdout!.on('data', (data) => this.hear('out', String(data)));
    this.child.stderr!.on('data', (data) => this.hear('err', String(data)));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal, out: this.out, err: this.err }));
    });
  }

  readonly child: ChildProcess;

  /** Resolves when its output matches. */
  says(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => pattern.test(this.out) && resolve();
      this.listeners.add(look);
      void this.ended.then(({ err }) => reject(new Error(`it ended before it said ${pattern}: ${err}`)));
      look();
    });
  }

  private hear(stream: 'out' | 'err', text: string): void {
    this[stream] += text;
    for (const listener of this.listeners) listener();
  }
}

/** Processes that were started in this test's temporary folder and still run, and what is left in it. */
function left(): { readonly processes: string[]; readonly folders: string[] } {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return {
    processes: stdout.split('\n').filter((line) => line.includes(home) && !line.startsWith('ps ')),
    folders: readdirSync(home).filter((name) => name.startsWith('sluice-')),
  };
}

const NOTHING = { processes: [], folders: [] };

test(
  'a good release is promoted and a slow one goes back, each with a report, and nothing is left running',
  async () => {
    const json = join(home, 'results.json');
    const { code, out, err } = await new Command(...QUICK, '--json', json).ended;

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [good, slow] = JSON.parse(readFileSync(json, 'utf8'));
    expect(good).toMatchObject({ fault: 'good', release: 'v2', outcome: 'promoted', asExpected: true });
    // Staging's bake; beside other tests the certificate may take longer.
    expect(good.minute).toBeGreaterThanOrEqual(12);
    expect(slow).toMatchObject({ fault: 'slow-login', release: 'v3', outcome: 'rolled back', asExpected: true });
    expect(slow.because).toMatch(/^login: \d+ of \d+ in breach on the canary .*; decided in minute \d+$/);
    expect(slow.minute).toBeLessThan(30);
    for (const { report } of [good, slow]) {
      expect(out).toContain(report);
      expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/i);
    }
    expect(left()).toEqual(NOTHING);

    const recording = join(home, 'output', 'ledger', 'releases', 'v3', 'minutes.ndjson');
    const replayed = spawnSync(process.execPath, ['bin/run.mjs', 'replay', recording], { cwd: ROOT, encoding: 'utf8' });
    expect(replayed.stdout).toContain(slow.because);
    expect(replayed.status).toBe(0);
  },
  WHOLE_PATH_MS,
);

test(
  'Ctrl-C in the middle ends everything',
  async () => {
    const command = new Command(...QUICK, '--fault', 'good');
    await command.says(/edge: serves 10 %/);
    command.child.kill('SIGINT');

    expect(await command.ended).toMatchObject({ code: 130, err: 'interrupted: ending everything\n' });
    expect(left()).toEqual(NOTHING);
  },
  START_MS,
);

test(
  'somebody at another terminal breaks the glass, and everything is back on the release before, without the gate',
  async () => {
    const command = new Command(...QUICK, '--fault', 'good');
    await command.says(/edge: serves 10 %/);
    const ledger = join(home, 'output', 'ledger');
    const words = ['--to', 'v1', '--by', 'ann', '--reason', 'data is lost', '--ledger', ledger];
    const release = ['bin/run.mjs', 'release', 'break-glass', ...words];
    const { stdout } = await promisify(execFile)(process.execPath, release, { cwd: ROOT });

    expect(stdout).toBe(`${ledger}: every service is back on v1, by ann: data is lost\n`);
    const { code, out } = await command.ended;
    expect(code).toBe(1);
    expect(out).toContain(
      'v2 undone in the middle, NOT as expected: canary: undone: break-glass to v1 by ann: data is lost',
    );
    expect(readFileSync(join(ledger, 'system', 'stable.json'), 'utf8')).toContain('v1');
    expect(left()).toEqual(NOTHING);
  },
  START_MS,
);

test(
  'a store that dies in the middle ends everything, and is named with its last words',
  async () => {
    const command = new Command(...QUICK, '--fault', 'good');
    await command.says(/edge: serves 10 %/);
    const [folder] = left().folders;
    const [pid] = readFileSync(join(home, folder!, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');

    const { code, err } = await command.ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^postgres: ended with signal SIGKILL in the middle; its last lines:\n/);
    expect(left()).toEqual(NOTHING);
  },
  START_MS,
);

test(
  'a rehearsal that is killed is cleared up by its warden',
  async () => {
    const command = new Command(...QUICK, '--fault', 'good');
    await command.says(/edge: serves 10 %/);
    command.child.kill('SIGKILL');
    await command.ended;

    const end = Date.now() + 10_000;
    while (left().folders.length > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(left()).toEqual(NOTHING);
  },
  START_MS,
);

test(
  'a port that somebody listens on is told of in one line',
  async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, err } = await new Command(...QUICK, '--port', String(port)).ended;
    server.close();

    expect({ code, err }).toEqual({
      code: 1,
      err: `--port: expected a port nobody listens on, got ${port}; choose another, or leave it out for a free one\n`,
    });
    expect(left()).toEqual(NOTHING);
  },
  START_MS,
);

test(
  'an output folder that cannot be made is told of before anything starts',
  async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    const { code, err } = await new Command('--output', join(file, 'folder')).ended;

    expect(code).toBe(1);
    expect(err).toMatch(
      /^--output: expected a folder that can be written to, got .*a-file\/folder; ENOTDIR: [^\n]*\n$/,
    );
    expect(existsSync(join(home, 'output'))).toBe(false);
  },
  START_MS,
);

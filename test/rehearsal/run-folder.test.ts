import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Child } from '../../rehearsal/processes/child';
import { startOf } from '../../rehearsal/processes/process-identity';
import { clearLeftovers, RunFolder } from '../../rehearsal/processes/run-folder';

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-folder-test-'));
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const sleeper = (name: string, script = 'setInterval(() => {}, 1000)') => ({
  name,
  command: process.execPath,
  args: ['-e', script],
});

/** Make a folder look as if the process that owns it had been killed. */
function orphan(folder: RunFolder): void {
  writeFileSync(join(folder.path, 'owner'), '999999999 1');
}

test('what a killed rehearsal left behind is ended and removed by the next one', async () => {
  const folder = RunFolder.create(parent);
  const child = await Child.start(folder, sleeper('left'));
  orphan(folder);

  const found = await clearLeftovers(parent);

  expect(found).toBe(1);
  expect(await child.ended).toBe('signal SIGTERM');
  expect(existsSync(folder.path)).toBe(false);
});

test('a process that ignores its end signal is killed', async () => {
  const folder = RunFolder.create(parent);
  const child = await Child.start(
    folder,
    sleeper('deaf', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"),
  );
  await child.firstLine((line) => line === 'up' || undefined, 5_000);
  orphan(folder);

  await clearLeftovers(parent);

  expect(await child.ended).toBe('signal SIGKILL');
}, 10_000);

test('a rehearsal that still runs is left alone', async () => {
  const folder = RunFolder.create(parent);

  expect(await clearLeftovers(parent)).toBe(0);
  expect(existsSync(folder.path)).toBe(true);
});

test('a process that was given the number of one of ours is left alone', async () => {
  const folder = RunFolder.create(parent);
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(join(folder.path, 'processes', String(stranger.pid)), `${stranger.pid} 1 SIGKILL`);
  orphan(folder);

  await clearLeftovers(parent);

  expect(startOf(stranger.pid!)).toBeDefined();
  stranger.kill();
});

test('a process that ends before it is ready is told of with its last lines', async () => {
  const folder = RunFolder.create(parent);
  const child = await Child.start(folder, sleeper('brief', "console.error('no such door'); process.exit(3)"));

  await expect(child.firstLine(() => undefined, 5_000)).rejects.toThrow(
    'brief: ended with exit code 3 before it was ready; its last lines:\n  no such door',
  );
});

test('a program that does not exist is told of by name', async () => {
  const folder = RunFolder.create(parent);
  const options = { name: 'ghost', command: join(parent, 'ghost'), args: [] };

  await expect(Child.start(folder, options)).rejects.toThrow(
    `ghost: cannot be started, spawn ${join(parent, 'ghost')} ENOENT`,
  );
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FunctionDoor, invokeAt } from '../../rehearsal/functions/function-door';
import { FunctionHost } from '../../rehearsal/functions/function-host';
import { Child } from '../../rehearsal/processes/child';
import { RunFolder } from '../../rehearsal/processes/run-folder';

/** A function that says which process it is, throws when told to, or dies under the invocation. */
const PROGRAM = `
const { createServer } = require('node:http');
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { ask, first } = JSON.parse(body);
  if (ask === 'throw') return response.writeHead(500).end('no such release');
  if (ask === 'hang') return;
  if (ask === 'die' && first === process.pid) return process.kill(process.pid, 'SIGKILL');
  response.end(JSON.stringify({ pid: process.pid }));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ listening: 'http://127.0.0.1:' + server.address().port })));
process.on('SIGTERM', () => process.exit(0));
`;

const TIMEOUT_MS = 1_500;
let parent: string;
let host: FunctionHost;
let started: number;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'function-test-'));
  const folder = RunFolder.create(parent);
  const program = join(parent, 'program.cjs');
  writeFileSync(program, PROGRAM);
  started = 0;
  host = new FunctionHost(() => {
    started += 1;
    return Child.start(folder, { name: 'gate', command: process.execPath, args: [program] });
  }, TIMEOUT_MS);
});

afterEach(async () => {
  await host.stop();
  rmSync(parent, { recursive: true, force: true });
});

test('one sandbox serves every invocation', async () => {
  const [first, second] = [await host.invoke({}), await host.invoke({})];

  expect(first).toEqual(second);
  expect(started).toBe(1);
});

test('an invocation whose sandbox dies is given to a new one', async () => {
  const first = await host.pid();

  expect(await host.invoke({ ask: 'die', first })).not.toEqual({ pid: first });
  expect(started).toBe(2);
});

test('what the function throws is the caller’s, and is not tried again', async () => {
  await expect(host.invoke({ ask: 'throw' })).rejects.toThrow('no such release');
  expect(started).toBe(1);
});

test('one that hangs is ended in the end, and the next invocation gets a new one', async () => {
  const hung = await host.pid();
  await expect(host.invoke({ ask: 'hang' })).rejects.toThrow('timed out after 1.5 s');

  expect(await host.invoke({})).not.toEqual({ pid: hung });
});

test('a renewed function is a new process', async () => {
  const before = await host.pid();
  await host.renew();

  expect(await host.pid()).not.toBe(before);
});

test('another process invokes it by a URL, errors included', async () => {
  const door = new FunctionDoor(host);
  const url = await door.listen();

  expect(await invokeAt(url, {})).toEqual({ pid: await host.pid() });
  await expect(invokeAt(url, { ask: 'throw' })).rejects.toThrow('no such release');
  door.close();
});

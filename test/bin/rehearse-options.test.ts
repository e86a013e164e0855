import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { busyMachine } from '../../bin/rehearse/busy-machine';
import { listFaults } from '../../bin/rehearse/list';
import { type RehearseFlags, readOptions } from '../../bin/rehearse/options';
import { outputFolder } from '../../bin/rehearse/output-folder';
import { FAULTS } from '../../rehearsal/faults/faults';

const GIVEN: RehearseFlags = { env: 'prod', minute: '1.4', seed: '1' };
const NAMES = FAULTS.map(({ name }) => name).join(', ');

test('without a word, a good release and a slow one are rehearsed', () => {
  const { faults, minuteMs, port, keep } = readOptions(GIVEN);

  expect(faults.map(({ name }) => name)).toEqual(['good', 'slow-login']);
  expect({ minuteMs, port, keep }).toEqual({ minuteMs: 1_400, port: 0, keep: false });
});

test('everything wrong with a command line is told at once, with what is allowed and where to look', () => {
  const flags = { ...GIVEN, env: 'dev', minute: '0', seed: 'x', port: '99999', fault: ['slow-logon'] };

  expect(() => readOptions(flags)).toThrow(
    [
      'rehearse: --minute: expected a number from 1 to 60, got "0"; see --help',
      'rehearse: --seed: expected a whole number from 0 to 2147483648, got "x"; see --help',
      'rehearse: --port: expected a whole number from 1 to 65535, got "99999"; see --help',
      'rehearse: --env: expected one of prod, staging, got "dev"; see --help',
      `rehearse: --fault: expected one of ${NAMES}, got "slow-logon"; see --list`,
    ].join('\n'),
  );
});

test('faults are chosen in one way', () => {
  expect(() => readOptions({ ...GIVEN, all: true, aa: '3', fault: ['good'] })).toThrow(
    'rehearse: --fault, --all, --aa: expected one of them, got 3; leave the others out',
  );
  expect(readOptions({ ...GIVEN, all: true }).faults).toEqual(FAULTS);
  expect(readOptions({ ...GIVEN, aa: '3' }).faults.map(({ name }) => name)).toEqual(['good', 'good', 'good']);
});

test('the list names each fault once, with the verdict it must give', () => {
  const rows = JSON.parse(listFaults(true));

  expect(new Set(rows.map(({ name }: { name: string }) => name)).size).toBe(FAULTS.length);
  expect(listFaults(false)).toMatch(/^slow-login +rolled back +12 % of sign-in checks/m);
  expect(listFaults(false)).toMatch(/^blip +promoted +for two minutes/m);
});

test('a folder that holds a ledger is not written over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-test-'));
  mkdirSync(join(folder, 'ledger'));

  expect(() => outputFolder(folder)).toThrow(
    `--output: expected a folder without a ledger, got ${folder}; choose another, or remove it`,
  );
  rmSync(folder, { recursive: true });
});

test('a folder in which nothing can be made is told of at once', () => {
  expect(() => outputFolder('/proc/nowhere/rehearsal')).toThrow(
    /^--output: expected a folder that can be written to, got \/proc\/nowhere\/rehearsal; ENOENT: /,
  );
});

test('a machine that others keep busy is named as a reason for what is slow', () => {
  expect(busyMachine(3.9, 2)).toBeUndefined();
  expect(busyMachine(9.61, 2)).toBe(
    'this machine is busy (load 9.6 on 2 cores): what is slow may be the machine and not a release',
  );
});

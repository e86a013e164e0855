import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ledgerFolder } from '../../rehearsal/ports/ledger-folder';
import { cleanMinutes, GateWorld, slowMinutes } from '../support/gate-world';
import { type Ran, runRelease } from './release-command';

let folder: string;
let world: GateWorld;

/** A gate whose ledger is a folder, which the command reads and writes as a person's does. */
beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), 'sluice-ledger-'));
  world = await GateWorld.withStable();
  const store = ledgerFolder(folder);
  for (const [key, body] of world.store.files) await store.put(key, body);
  Object.assign(world.store, store);
});

afterEach(() => rmSync(folder, { recursive: true }));

function release(...args: readonly string[]): Promise<Ran> {
  return runRelease([...args, '--ledger', folder]);
}

const OK = { stderr: '', code: 0 };

describe('npm run release --', () => {
  test('freeze keeps the gate shut and unfreeze opens it; of two at once one is told who was first', async () => {
    const both = await Promise.all([
      release('freeze', '--reason', 'sale', '--by', 'ann'),
      release('freeze', '--reason', 'audit', '--by', 'bob'),
    ]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    const lost = both.find(({ code }) => code === 1)!;
    expect(lost.stderr).toMatch(/^freeze: expected a system that is not frozen, got one frozen by (ann|bob) at .*\n$/);

    world.deploy('edge', 'v2');
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual({ hookStatus: 'FAILED' });
    expect(await release('unfreeze', '--reason', 'over')).toMatchObject({
      ...OK,
      stdout: `${folder}: no longer frozen, by ${userInfo().username}: over\n`,
    });
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual({ hookStatus: 'SUCCEEDED' });
  }, 30_000);

  test('hold keeps a promotion back, resume lets it go on', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);
    expect(await release('hold', '--reason', 'demo', '--by', 'ann')).toEqual({
      ...OK,
      stdout: 'v2: hold by ann: demo; it keeps its share; a harmful release is rolled back all the same\n',
    });
    expect(await world.gate().tick()).toMatchObject({ ended: false, because: 'hold by ann: demo' });

    expect((await release('resume', '--reason', 'over', '--by', 'bob')).stdout).toMatch(
      /^v2: resume by bob: over; the judge decides again\nbefore it: hold by ann at .*: demo\n$/,
    );
    expect(await world.gate().tick()).toMatchObject({ verdict: 'promote' });
  }, 30_000);

  test('abort rolls a good release back, override promotes a bad one', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    expect(await release('override', '--reason', 'known slowness', '--by', 'ann')).toMatchObject(OK);
    expect(await world.gate().tick()).toMatchObject({ verdict: 'promote' });
    expect((await release('abort', '--release', 'v3', '--reason', 'x')).stderr).toBe(
      'abort: expected v3 under way, got v2; see what is with status\n',
    );
  }, 30_000);

  test('status tells what serves, what is under way and what the judge says; history and report what was', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.gate().tick();
    const standing = JSON.parse((await release('status', '--json')).stdout);
    expect(standing).toMatchObject({
      ...{ stable: 'v1', live: 'v2' },
      release: { id: 'v2', minutes: 6, verdict: { verdict: 'rollback', by: 'judge' } },
    });
    expect((await release('status')).stdout).toMatch(
      /: v1 serves, v2 is under way\n\nv2: rollback, its deployments are ending\n {2}█+·+ minute 6 of 30 to 45, evidence .* of 100\n {2}verdict rollback by the judge in minute \d+: login/,
    );

    for (const service of ['edge', 'core']) world.move(service, 'ROLLBACK_SUCCESSFUL', 'stopped');
    await world.gate().tick();
    expect(JSON.parse((await release('history', '--json')).stdout)).toMatchObject([
      { id: 'v2', outcome: 'rolled back', by: 'judge' },
      { id: 'v1', outcome: 'first' },
    ]);
    const page = join(folder, 'v2.html');
    expect(await release('report', 'v2', '--output', page)).toEqual({ ...OK, stdout: `${page}\n` });
    expect(readFileSync(page, 'utf8')).toMatch(/<title>v2 [^<]*rolled back/);
  }, 30_000);

  test('plan shows the order, and what stands in its way', async () => {
    await release('freeze', '--reason', 'sale', '--by', 'ann');
    expect((await release('plan', 'v3')).stdout).toMatch(
      /^v3\n {2}· window .*\n {2}✗ freeze {3}frozen by ann: sale\n {2}· alarms [\s\S]*· report .*\n$/,
    );
  }, 30_000);

  test.each([
    ['an order without a reason', ['abort'], "error: required option '--reason <text>' not specified\n"],
    [
      'one that says nothing',
      ['abort', '--reason', ' '],
      '--reason: expected why, got nothing; it is kept for those who read the record\n',
    ],
    [
      'an order about nothing',
      ['hold', '--reason', 'x'],
      'hold: expected a release under way, got none; see what is with status\n',
    ],
    ['a report of nothing', ['report', 'v9'], 'report: expected a release in the ledger, got v9; see history\n'],
  ])(
    'refuses %s in one line',
    async (_, args, stderr) => {
      expect(await release(...args)).toEqual({ stdout: '', stderr, code: 1 });
    },
    30_000,
  );

  test('break-glass needs a place where services run', async () => {
    const { stderr, code } = await release('break-glass', '--to', 'v1', '--reason', 'x');
    expect({ stderr: stderr.replace(folder, 'LEDGER'), code }).toEqual({
      stderr:
        'break-glass: expected a place where services run, got LEDGER, where only the ledger is; name --env, or a rehearsal that runs\n',
      code: 1,
    });
  }, 30_000);
});

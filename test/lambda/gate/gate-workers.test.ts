import { beforeEach, expect, jest, test } from '@jest/globals';
import { GateWorld } from '../../support/gate-world';

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  world.deploy('core', 'v2');
  await world.hook('core', 'PRE_SCALE_UP');
});

test('canary workers that their own deployment set back to none are started again while the path is assembled', async () => {
  world.workers = { desired: 0, running: 0, release: 'v2' };

  await world.gate().tick();

  expect(world.workers.desired).toBe(1);
});

test('canary workers of a release that was rolled back are not', async () => {
  await world.ledger.order('v2', { kind: 'abort', by: 'ana', reason: 'enough', at: '2026-11-21T08:00:00Z' });

  await world.gate().tick();
  await world.gate().tick();

  expect(world.workers.desired).toBe(0);
});

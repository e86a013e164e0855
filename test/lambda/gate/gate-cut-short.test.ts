import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { HookAnswer } from '../../../lambda/gate/hook';
import type { TickResult } from '../../../lambda/gate/tick';
import type { Minute } from '../../../lib/model/gate-plan';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

/** What ECS and the scheduler do with a call that failed: they come again. */
async function persistently(call: () => Promise<HookAnswer | TickResult>): Promise<void> {
  const answer = await call().catch(() => undefined);
  const failed = answer === undefined || ('callBackDelay' in answer && answer.callBackDelay === 30);
  if (failed) await call();
}

/** A whole release, from its first hook to its end. */
async function play(world: GateWorld, minutes: readonly Minute[]): Promise<object> {
  for (const service of ['edge', 'core']) {
    world.deploy(service, 'v2');
    await persistently(() => world.hook(service, 'PRE_SCALE_UP'));
    await persistently(() => world.hook(service, 'POST_TEST_TRAFFIC_SHIFT'));
  }
  await persistently(() => world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT'));
  await persistently(() => world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1'));
  world.minutes = minutes;
  await persistently(() => world.gate().tick());
  for (const { service, status, rollback } of [...world.deployments.values()])
    world.move(service, status === 'IN_PROGRESS' ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL', rollback);
  await persistently(() => world.gate().tick());
  const { outcome, because } = (await world.ledger.ending('v2'))!;
  return {
    outcome,
    because,
    pointer: world.pointer,
    workers: world.workers.desired,
    stable: await world.ledger.stable(),
  };
}

describe.each([
  ['a promotion', cleanMinutes(30), 'promoted'],
  ['a rollback', slowMinutes(6, 8), 'rolled back'],
])('a gate that is cut short in %s', (_, minutes, outcome) => {
  test.each(['before', 'after'] as const)('%s any one of its calls comes to the same end', async (when) => {
    const uncut = await GateWorld.withStable();
    const end = await play(uncut, minutes);
    expect(end).toMatchObject({ outcome, pointer: undefined, workers: 0 });

    for (let call = 1; call <= uncut.calls; call += 1) {
      const world = await GateWorld.withStable();
      world.cut = { call, when };
      expect(await play(world, minutes)).toEqual(end);
    }
  });
});

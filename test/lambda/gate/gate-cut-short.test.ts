import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { HookAnswer } from '../../../lambda/gate/hook';
import type { TickResult } from '../../../lambda/gate/tick';
import type { Arm, Minute, ProbeMinute } from '../../../lib/model/gate-plan';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

/** A short bake: the calls are the same, and each way of a release is gone a hundred times. */
const BAKE_MIN = 6;

async function worldOf(): Promise<GateWorld> {
  const world = await GateWorld.withStable();
  const { plan } = world.config;
  world.config = { ...world.config, plan: { ...plan, bakeMin: BAKE_MIN, tailMin: 4, hardStopMin: 8 } };
  return world;
}

/** Ten times as many samples as are asked for, as so short a bake needs. */
function plenty(minutes: readonly Minute[]): Minute[] {
  const arm = (of: Arm): Arm => ({ ...of, n: 10 * of.n });
  const probe = ({ canary, stable, misrouted }: ProbeMinute) => ({
    canary: arm(canary),
    stable: arm(stable),
    misrouted,
  });
  return minutes.map(({ minute, probes }) => ({
    minute,
    probes: Object.fromEntries(Object.entries(probes).map(([id, counts]) => [id, probe(counts!)])),
  }));
}

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
  ['a promotion', plenty(cleanMinutes(BAKE_MIN)), 'promoted'],
  ['a rollback', slowMinutes(6, 8), 'rolled back'],
])('a gate that is cut short in %s', (_, minutes, outcome) => {
  test.each(['before', 'after'] as const)('%s any one of its calls comes to the same end', async (when) => {
    const uncut = await worldOf();
    const end = await play(uncut, minutes);
    expect(end).toMatchObject({ outcome, pointer: undefined, workers: 0 });

    for (let call = 1; call <= uncut.calls; call += 1) {
      const world = await worldOf();
      world.cut = { call, when };
      expect(await play(world, minutes)).toEqual(end);
    }
  });
});

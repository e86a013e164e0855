import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

const SUCCEEDED = { hookStatus: 'SUCCEEDED' };
const FAILED = { hookStatus: 'FAILED' };
const NEXT_MINUTE = { hookStatus: 'IN_PROGRESS', callBackDelay: 60 };

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
});

describe('the verdict', () => {
  test('a release that bakes is asked about again in a minute, at every door', async () => {
    await world.start();
    world.minutes = cleanMinutes(12);

    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-2')).toEqual(NEXT_MINUTE);
    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(NEXT_MINUTE);
  });

  test('a certified release is promoted, and every service is answered from one record', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);

    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(SUCCEEDED);
    world.minutes = slowMinutes(40, 20);
    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-2')).toEqual(SUCCEEDED);
    expect(world.notices).toEqual(['v2: promote']);
  });

  test('the canary is still known until its last deployment has ended', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);
    await world.gate().tick();
    world.move('core', 'SUCCESSFUL');
    expect(await world.gate().tick()).toMatchObject({ verdict: 'promote', ended: false });
    expect(world.pointer?.id).toBe('v2');

    world.move('edge', 'SUCCESSFUL');
    expect(await world.gate().tick()).toMatchObject({ verdict: 'promote', ended: true });
    expect(world.pointer).toBeUndefined();
    expect(world.workers.desired).toBe(0);
    expect(await world.ledger.stable()).toBe('v2');
  });

  test('a harmful release is rolled back at the end of the minute that shows it, the front first', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);

    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', release: 'v2' });
    expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
    expect(world.signals).toContain('ReleaseAbort=1');
    expect(world.workers.desired).toBe(0);
    expect(world.pointer).toBeUndefined();
    expect(await world.ledger.verdict('v2')).toMatchObject({
      by: 'judge',
      judged: { because: 'EVIDENCE', probe: 'login' },
    });
  });

  test('a rollback under way is never held up, whatever the ledger says', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.gate().tick();

    for (const stage of ['TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'] as const)
      expect(await world.hook('edge', stage)).toEqual(SUCCEEDED);
  });

  test('the stable release passes when it is put back after a rollback', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.gate().tick();
    world.deploy('edge', 'v1');

    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(SUCCEEDED);
  });

  test('a part that goes back by itself takes the whole release with it', async () => {
    await world.start();
    world.move('core', 'ROLLBACK_IN_PROGRESS', 'circuit breaker');

    expect(await world.gate().tick()).toMatchObject({
      verdict: 'rollback',
      because: 'core went back (circuit breaker)',
    });
    expect(world.stopped).toEqual(['deployment/edge/v2']);
  });

  test('a part that nothing watches is broken: an alarm that fires at the start is ignored by ECS', async () => {
    await world.start();
    world.deploy('core', 'v2', { alarms: 'DISABLED' });

    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-2')).toEqual(FAILED);
  });

  test('an inner service that goes back in its final bake takes the promoted front with it', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);
    await world.gate().tick();
    world.move('core', 'ROLLBACK_IN_PROGRESS', 'alarm');

    await world.gate().tick();
    expect(world.stopped).toEqual(['deployment/edge/v2']);
    world.move('core', 'ROLLBACK_SUCCESSFUL', 'alarm');
    world.move('edge', 'ROLLBACK_SUCCESSFUL', 'stopped');
    await world.gate().tick();
    expect(await world.ledger.ending('v2')).toMatchObject({ outcome: 'undone' });
    expect(await world.ledger.stable()).toBe('v1');
  });

  test('silence is never promoted, and ends at the hard stop', async () => {
    await world.start();
    const silent = (count: number) => Array.from({ length: count }, (_, i) => ({ minute: i + 1, probes: {} }));
    world.minutes = silent(44);
    expect(await world.gate().tick()).toMatchObject({ ended: false, minutes: 44 });

    world.minutes = silent(45);
    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback' });
    expect(await world.ledger.verdict('v2')).toMatchObject({ judged: { because: 'NO_DATA' } });
  });
});

describe('a service that cannot go back', () => {
  test.each([
    ['the release is rolled back', slowMinutes(6, 8), undefined],
    ['a promotion is undone', cleanMinutes(30), 'alarm'],
  ])('is named where %s, and people are told that it stands', async (_, minutes, rollback) => {
    await world.start();
    world.minutes = minutes;
    await world.gate().tick();
    world.move('core', 'ROLLBACK_SUCCESSFUL', 'alarm');
    world.move('edge', 'ROLLBACK_FAILED', rollback);

    expect(await world.gate().tick()).toMatchObject({ ended: true });
    const ending = await world.ledger.ending('v2');
    expect(ending?.outcome).toBe('stuck');
    expect(ending?.because).toMatch(
      new RegExp(
        `; edge did not go back \\(${rollback ?? 'ROLLBACK_FAILED'}\\) and may serve v2 still: break the glass$`,
      ),
    );
    expect(world.notices).toContain('v2: stuck');
    expect(await world.ledger.stable()).toBe('v1');
  });

  test('fails its release while that is judged', async () => {
    await world.start();
    world.move('core', 'ROLLBACK_FAILED');

    expect(await world.gate().tick()).toMatchObject({
      verdict: 'rollback',
      because: 'core went back (ROLLBACK_FAILED)',
    });
  });
});

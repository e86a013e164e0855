import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

const SUCCEEDED = { hookStatus: 'SUCCEEDED' };
const NEXT_MINUTE = { hookStatus: 'IN_PROGRESS', callBackDelay: 60 };

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
});

describe('what people order', () => {
  const by = { by: 'ops', reason: 'incident 12', at: '2026-11-21T08:10:00Z' };

  test('an abort rolls back, also before the canary has started', async () => {
    await world.assemble();
    await world.ledger.order('v2', { kind: 'abort', ...by });

    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'abort by ops: incident 12' });
  });

  test('a hold keeps a promotion back and tells people once', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);
    await world.ledger.order('v2', { kind: 'hold', ...by });

    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(NEXT_MINUTE);
    await world.gate().tick();
    await world.gate().tick();
    expect(world.notices).toEqual(['v2: on hold']);
    await world.ledger.order('v2', { kind: 'resume', ...by });
    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(SUCCEEDED);
  });

  test('a hold never keeps a harmful release', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.ledger.order('v2', { kind: 'hold', ...by });

    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback' });
  });

  test('an override promotes, and the record says who and why', async () => {
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.ledger.order('v2', { kind: 'override', ...by });

    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(SUCCEEDED);
    expect(await world.ledger.verdict('v2')).toMatchObject({ by: 'order', because: 'override by ops: incident 12' });
  });
});

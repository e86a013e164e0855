import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { aRelease } from '../../support/gate-world';
import { EVERYBODY, OrderWorld } from './order-world';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe('before anything has changed a release is refused', () => {
  const window = { timeZone: 'Asia/Singapore', days: ['mon', 'tue'], from: '09:00', to: '12:00' } as const;

  test('outside the window', async () => {
    const world = await OrderWorld.with('good');
    expect(await world.run({ window })).toMatchObject({
      outcome: 'refused',
      because: 'window: it is tue 12:00 in Asia/Singapore; releases go out mon, tue from 09:00 to 12:00',
    });
    expect(world.gate.notices).toEqual([
      'v2: refused (window: it is tue 12:00 in Asia/Singapore; releases go out mon, tue from 09:00 to 12:00)',
    ]);
  });

  test('in a frozen system', async () => {
    const world = await OrderWorld.with('good');
    await world.gate.ledger.writeFreeze({ frozen: true, by: 'ann', reason: 'sale', at: '2026-11-24T00:00:00Z' });
    expect(await world.run()).toMatchObject({ outcome: 'refused', because: 'freeze: frozen by ann: sale' });
  });

  test('while somebody is on the way back', async () => {
    const world = await OrderWorld.with('good');
    const glass = { to: 'v0', by: 'ann', reason: 'data is lost', at: '2026-11-24T00:00:00Z' };
    await world.gate.store.put('system/break-glass/000001.json', JSON.stringify(glass));

    const because = 'freeze: ann is going back to v0 without the gate: data is lost';
    expect(await world.run()).toMatchObject({ outcome: 'refused', because });
    expect(world.state()).toEqual(EVERYBODY('v1'));
  });

  test('that takes something away, when nobody wrote down what runs', async () => {
    const world = await OrderWorld.with('good');
    world.gate.store.files.delete('releases/v1/release.json');
    const release = aRelease('v2');
    const contract = { ...release, schema: { ...release.schema, migration: 'contract' } };
    world.gate.store.files.set('releases/v2/release.json', JSON.stringify(contract));

    const because =
      'schema: releases/v1/release.json: expected the record of the running release, got nothing, as it was deployed by hand; ' +
      'release without a contract migration first';
    expect(await world.run()).toMatchObject({ outcome: 'refused', because });
  });

  test('while another is under way', async () => {
    const world = await OrderWorld.with('good');
    await world.gate.ledger.takeTurn('v3');
    expect(await world.run()).toMatchObject({ outcome: 'refused', because: 'freeze: v3 is still under way' });
  });

  test('while an alarm fires', async () => {
    const world = await OrderWorld.with('good');
    world.firing = ['core-5xx'];
    expect(await world.run()).toMatchObject({
      outcome: 'refused',
      because: 'alarms: firing already, so ECS would ignore them: core-5xx',
    });
  });

  test('when its migration fails', async () => {
    const world = await OrderWorld.with('good');
    world.refused.migrate = '0003_expand_x.sql: canceling statement due to lock timeout';
    expect(await world.run()).toMatchObject({
      outcome: 'refused',
      because: 'migrate: 0003_expand_x.sql: canceling statement due to lock timeout',
    });
    expect(world.state()).toEqual(EVERYBODY('v1'));
    expect(world.gate.deployments.size).toBe(0);
  });

  test('when a person says so', async () => {
    const world = await OrderWorld.with('good');
    await world.gate.ledger.order('v2', { kind: 'abort', by: 'ann', reason: 'not today', at: '2026-11-24T00:00:00Z' });
    expect(await world.run()).toMatchObject({ outcome: 'refused', because: 'window: abort by ann: not today' });
  });
});

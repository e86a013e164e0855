import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Minute } from '../../../lib/model/gate-plan';
import { cleanMinutes, GateWorld } from '../../support/gate-world';

const PROMOTED_AT = 30;

/** After the promotion no stable answers; so many of the canary's 60 logins breach in each minute. */
function bakeMinutes(count: number, breaches: number): Minute[] {
  const none = { n: 0, breaches: 0, hard: 0 };
  return Array.from({ length: count }, (_, i) => ({
    minute: PROMOTED_AT + 1 + i,
    probes: { login: { canary: { n: 60, breaches, hard: 0 }, stable: none, misrouted: 0 } },
  }));
}

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  await world.start();
  world.minutes = cleanMinutes(PROMOTED_AT);
  await world.gate().tick();
});

async function tickThrough(minutes: readonly Minute[]) {
  for (let i = 1; i <= minutes.length; i++) {
    world.minutes = [...cleanMinutes(PROMOTED_AT), ...minutes.slice(0, i)];
    await world.gate().tick();
  }
}

describe('a promoted release whose final bake goes badly', () => {
  test('goes back from every service, the front first, and the ledger says why', async () => {
    await tickThrough(bakeMinutes(8, 30));

    expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
    expect(world.signals).toContain('ReleaseAbort=1');
    expect(world.pointer).toBeUndefined();
    const recall = await world.ledger.recall('v2');
    expect(recall).toMatchObject({ by: 'judge', minute: 38, judged: { because: 'EVIDENCE', probe: 'login' } });
    expect(recall?.because).toMatch(/^in its final bake: login: 240 of \d+ in breach on the canary/);
    expect(await world.ledger.verdict('v2')).toMatchObject({ verdict: 'promote', minute: PROMOTED_AT });
  });

  test('ends as undone, for the reason of the recall, and the stable release stays the stable one', async () => {
    await tickThrough(bakeMinutes(8, 30));
    for (const service of ['edge', 'core']) world.move(service, 'ROLLBACK_SUCCESSFUL', 'stopped');
    expect(await world.gate().tick()).toMatchObject({ ended: true });

    expect(await world.ledger.ending('v2')).toMatchObject({
      outcome: 'undone',
      because: expect.stringMatching(/^in its final bake: login/),
    });
    expect(await world.ledger.stable()).toBe('v1');
  });

  test('is recalled once: the first reason stands, people are told once, and every door says no', async () => {
    await tickThrough(bakeMinutes(9, 30));
    world.minutes = [...cleanMinutes(PROMOTED_AT), ...bakeMinutes(10, 60)];
    await world.gate().tick();

    expect((await world.ledger.recall('v2'))?.minute).toBe(38);
    expect(world.notices.filter((subject) => subject === 'v2: taken back')).toHaveLength(1);
    world.move('core', 'IN_PROGRESS');
    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual({ hookStatus: 'FAILED' });
  });

  test('is told once where two gates find it at the same time', async () => {
    await tickThrough(bakeMinutes(7, 30));
    world.minutes = [...cleanMinutes(PROMOTED_AT), ...bakeMinutes(8, 30)];
    let ticking = world.now;
    Object.defineProperty(world, 'now', { get: () => ticking++ });
    await Promise.all([world.gate().tick(), world.gate().tick()]);

    expect(world.notices.filter((subject) => subject === 'v2: taken back')).toHaveLength(1);
  });

  test('is stopped by the next tick if the one that recalled it was cut off', async () => {
    const recall = { by: 'judge', because: 'in its final bake', minute: 33, at: '2026-11-21T09:00:00Z' } as const;
    await world.ledger.writeRecall('v2', recall);
    await world.gate().tick();
    expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
  });

  test('stays whole where a service has left its final bake, and people are told once', async () => {
    world.move('edge', 'SUCCESSFUL');
    await tickThrough(bakeMinutes(10, 30));

    expect(world.stopped).toEqual([]);
    expect(await world.ledger.recall('v2')).toBeUndefined();
    expect(world.notices.filter((subject) => subject === 'v2: too late to take back')).toHaveLength(1);
  });

  test('is not taken back by evidence if a person promoted it', async () => {
    world = await GateWorld.withStable();
    await world.start();
    const order = { by: 'ops', reason: 'known', at: '2026-11-21T08:10:00Z' };
    await world.ledger.order('v2', { kind: 'override', ...order });
    world.minutes = cleanMinutes(PROMOTED_AT);
    await world.gate().tick();
    await tickThrough(bakeMinutes(10, 30));
    expect(world.stopped).toEqual([]);
  });
});

describe('a promoted release whose final bake goes well enough', () => {
  test.each([
    ['without a breach', bakeMinutes(10, 0)],
    ['with breaches at its objective', bakeMinutes(10, 3)],
    ['with two minutes of trouble', [...bakeMinutes(2, 20), ...bakeMinutes(10, 0).slice(2)]],
    ['with an outage of five minutes', [...bakeMinutes(5, 40), ...bakeMinutes(10, 0).slice(5)]],
  ])('stays, %s', async (_, minutes) => {
    await tickThrough(minutes);
    expect(world.stopped).toEqual([]);
    expect(await world.ledger.recall('v2')).toBeUndefined();
  });
});

test('an abort in the final bake takes the release back at once', async () => {
  const at = new Date(world.now).toISOString();
  await world.ledger.order('v2', { kind: 'abort', by: 'ops', reason: 'complaints', at });
  await world.gate().tick();

  expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
  expect(await world.ledger.recall('v2')).toMatchObject({ by: 'order', because: 'abort by ops: complaints' });
});

test('an abort stands whatever is asked for after it, but for an override', async () => {
  const order = { by: 'ops', reason: 'complaints', at: new Date(world.now).toISOString() };
  for (const kind of ['abort', 'hold'] as const) await world.ledger.order('v2', { kind, ...order });
  await world.gate().tick();
  expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
});

test('an override after an abort leaves the release where it is', async () => {
  const order = { by: 'ops', reason: 'complaints', at: new Date(world.now).toISOString() };
  for (const kind of ['abort', 'override'] as const) await world.ledger.order('v2', { kind, ...order });
  await world.gate().tick();
  expect(world.stopped).toEqual([]);
});

test('an abort that came just before the promotion was written is not lost', async () => {
  const at = new Date(world.now - 60_000).toISOString();
  await world.ledger.order('v2', { kind: 'abort', by: 'ops', reason: 'complaints', at });
  await world.gate().tick();
  expect(world.stopped).toEqual(['deployment/edge/v2', 'deployment/core/v2']);
});

import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { freeze, order } from '../../../delivery/people/orders';
import type { Order } from '../../../lib/model/release';
import { cleanMinutes, GateWorld } from '../../support/gate-world';

const ANN = { by: 'ann', reason: 'sale', at: '2026-11-21T08:00:00Z' };
const BOB = { by: 'bob', reason: 'incident', at: '2026-11-21T08:00:01Z' };

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
});

function say(kind: Order['kind'], word = ANN): Promise<unknown> {
  return order(world.ledger, kind, word);
}

describe('a freeze', () => {
  test('keeps the gate from opening a release, until it is ended', async () => {
    await freeze(world.ledger, true, ANN);
    world.deploy('edge', 'v2');
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual({ hookStatus: 'FAILED' });

    await freeze(world.ledger, false, BOB);
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(await world.ledger.freezes()).toEqual([
      { frozen: true, ...ANN },
      { frozen: false, ...BOB },
    ]);
  });

  test('of two at once one is first, and the other is told who', async () => {
    const both = await Promise.allSettled([freeze(world.ledger, true, ANN), freeze(world.ledger, true, BOB)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [first] = await world.ledger.freezes();
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost?.reason.message).toBe(
      `freeze: expected a system that is not frozen, got one frozen by ${first?.by} at ${first?.at}: ${first?.reason}; nothing is left to do`,
    );
  });

  test('cannot be ended twice', async () => {
    await expect(freeze(world.ledger, false, ANN)).rejects.toThrow(
      'unfreeze: expected a frozen system, got one that is not; nothing is left to do',
    );
    await freeze(world.ledger, true, ANN);
    await freeze(world.ledger, false, ANN);
    await expect(freeze(world.ledger, false, BOB)).rejects.toThrow(
      'unfreeze: expected a frozen system, got one that is not, since ann ended it at 2026-11-21T08:00:00Z: sale; nothing is left to do',
    );
  });
});

describe('an order', () => {
  test('is about the release under way, and about none other', async () => {
    await expect(say('hold')).rejects.toThrow('hold: expected a release under way, got none; see what is with status');
    await world.start();
    await expect(order(world.ledger, 'abort', { ...ANN, release: 'v3' })).rejects.toThrow(
      'abort: expected v3 under way, got v2; see what is with status',
    );
    expect(await say('hold')).toMatchObject({ release: 'v2', before: [] });
  });

  test('of two people who hold at once one does, and the other is told', async () => {
    await world.start();
    const both = await Promise.allSettled([say('hold', ANN), say('hold', BOB)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.ledger.orders('v2')).toHaveLength(1);
  });

  test('whoever decided first is right, but going back is always heard', async () => {
    await world.start();
    await say('override', ANN);
    await expect(say('override', BOB)).rejects.toThrow(
      'override: v2: expected no override before, got one by ann at 2026-11-21T08:00:00Z: sale; ann was first',
    );
    await say('abort', BOB);
    await expect(say('override', ANN)).rejects.toThrow(
      'override: v2: expected no abort before, got one by bob at 2026-11-21T08:00:01Z: incident; bob was first',
    );
    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'abort by bob: incident' });
  });

  test('holds and resumes in turns', async () => {
    await world.start();
    await expect(say('resume')).rejects.toThrow(
      'resume: v2: expected a release on hold, got one that is not; nothing is left to do',
    );
    await say('hold');
    await say('resume');
    expect(await say('hold', BOB)).toMatchObject({ before: [{ kind: 'hold' }, { kind: 'resume' }] });
  });

  test('comes too late for a verdict, but for an abort in the final bake', async () => {
    await world.start();
    world.minutes = cleanMinutes(30);
    await world.gate().tick();

    await expect(say('hold')).rejects.toThrow(
      'hold: v2: expected a release without a verdict, got one to promote; it is past that',
    );
    await order(world.ledger, 'abort', { ...ANN, at: new Date(world.now + 1).toISOString() });
    await world.gate().tick();
    expect(await world.ledger.recall('v2')).toMatchObject({ because: 'abort by ann: sale' });
  });
});

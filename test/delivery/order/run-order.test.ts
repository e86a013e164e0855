import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { StageRecord } from '../../../delivery/order/record';
import { STAGES, type StageName } from '../../../delivery/order/stages';
import { EVERYBODY, OrderWorld } from './order-world';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe('the order of a release', () => {
  test('goes through its stages one after the other, and writes each down', async () => {
    const world = await OrderWorld.with('good');
    const told: string[] = [];

    const end = await world.run({ onStage: ({ stage, because }) => told.push(`${stage}: ${because}`) });

    expect(end).toMatchObject({ outcome: 'released', because: 'v2 serves everybody' });
    expect(told).toEqual([
      'window: releases go out now',
      'freeze: nobody has frozen the system',
      'alarms: every deployment alarm is quiet',
      'schema: no change, up to 0003',
      'backup: to be restored from snapshot-1',
      'migrate: the schema is at 0003',
      expect.stringMatching(/^canary: certified with 95 %/),
      'workers: the workers run v2',
      'sites: every viewer sees the sites of v2',
      'smoke: v2 answers at the entrance',
      'report: v2 is written down',
    ]);
    expect(world.state()).toEqual(EVERYBODY('v2'));
    const keys = await world.gate.store.list('releases/v2/stages/');
    expect(keys).toEqual([
      ...STAGES.map(({ name }, i) => `releases/v2/stages/${String(i + 1).padStart(2, '0')}-${name}.json`),
      'releases/v2/stages/end.json',
    ]);
  });

  test('goes through after a first release that was deployed by hand, of which there is no record', async () => {
    const world = await OrderWorld.with('good');
    world.gate.store.files.delete('releases/v1/release.json');

    expect(await world.run()).toMatchObject({ outcome: 'released' });
  });

  test('is carried out once, however often it is asked for', async () => {
    const world = await OrderWorld.with('good');
    const end = await world.run();
    const { calls } = world;

    expect(await world.run()).toEqual(end);
    expect(world.calls - calls).toBe(2);
  });

  test('of two that carry it out at once both come to the same end', async () => {
    const world = await OrderWorld.with('good');
    const [one, other] = await Promise.all([world.run(), world.run()]);

    expect(one).toEqual(other);
    expect(world.state()).toEqual(EVERYBODY('v2'));
    expect(world.backups.size).toBe(1);
  });

  test('needs the record of a release', async () => {
    const world = await OrderWorld.with('good');
    await expect(world.run({ release: 'v9' })).rejects.toThrow(
      "releases/v9/release.json: expected the release's record, got nothing; build the release first",
    );
  });
});

describe('a release that fails is taken back everywhere', () => {
  test.each([
    ['by the gate', 'slow', {}, /^canary: rolled back: login/],
    [
      'when the workers cannot follow',
      'good',
      { workers: 'no task becomes healthy' },
      /^workers: no task becomes healthy$/,
    ],
    ['when the sites cannot follow', 'good', { sites: 'no such upload' }, /^sites: no such upload$/],
  ] as const)('%s', async (_, kind, refused, because) => {
    const world = await OrderWorld.with(kind);
    world.refused = refused;

    expect(await world.run()).toMatchObject({ outcome: 'taken back', because: expect.stringMatching(because) });
    expect(world.state()).toEqual(EVERYBODY('v1'));
    expect(await world.gate.ledger.stable()).toBe('v1');
    expect(world.gate.notices.at(-1)).toMatch(/^v2: taken back \(/);
  });

  test('when its smoke test fails', async () => {
    const world = await OrderWorld.with('good');
    world.healthy = false;
    expect(await world.run()).toMatchObject({ outcome: 'taken back', because: 'smoke: it is not well: 200' });
    expect(world.state()).toEqual(EVERYBODY('v1'));
  });

  test('when a stage is given up in the middle of the canary', async () => {
    const world = await OrderWorld.with('good');
    world.gate.minutes = [];
    world.kill = { call: 60, when: 'before' };
    await expect(world.run()).rejects.toThrow();

    expect(await world.run({ giveUp: 'nobody answers' })).toMatchObject({
      outcome: 'taken back',
      because: 'canary: nobody answers',
    });
    expect(world.state()).toEqual(EVERYBODY('v1'));
    expect(await world.gate.ledger.verdict('v2')).toMatchObject({ verdict: 'rollback', by: 'order' });
  });

  test('but not once a later one serves everybody', async () => {
    const world = await OrderWorld.with('good');
    world.refused.workers = 'no task becomes healthy';
    world.kill = { call: (await callsUntil('canary', world.refused)) + 1, when: 'before' };
    await expect(world.run()).rejects.toThrow();
    await world.gate.ledger.writeStable('v3');
    const before = world.state();

    expect(await world.run()).toMatchObject({ because: 'workers: v3 serves everybody by now' });
    expect(world.state()).toEqual(before);
  });
});

/** How many calls an order takes until a stage has ended, counted in a world of its own. */
async function callsUntil(stage: StageName, refused: Readonly<Record<string, string>>): Promise<number> {
  const world = await OrderWorld.with('good');
  world.refused = { ...refused };
  let calls = 0;
  const onStage = (record: StageRecord) => {
    if (record.stage === stage) calls = world.calls;
  };
  await world.run({ onStage });
  return calls;
}

describe('killed at any point and called again, a release is whole', () => {
  interface Course {
    readonly title: string;
    readonly kind: 'good' | 'slow';
    readonly refused: Record<string, string>;
    /** Release that everything runs at the end. */
    readonly release: string;
    /** Stage from whose end on it is killed. */
    readonly from?: StageName;
  }
  const courses: readonly Course[] = [
    { title: 'a good one', kind: 'good', refused: {}, release: 'v2' },
    { title: 'a slow one', kind: 'slow', refused: {}, release: 'v1' },
    { title: 'one whose workers fail', kind: 'good', refused: { workers: 'no task' }, release: 'v1', from: 'canary' },
    { title: 'one whose sites fail', kind: 'good', refused: { sites: 'no upload' }, release: 'v1', from: 'workers' },
  ];

  test.each(courses)(
    '$title',
    async ({ kind, refused, release, from }) => {
      const whole = await OrderWorld.with(kind);
      whole.refused = refused;
      const { outcome, because } = await whole.run();
      const first = from ? await callsUntil(from, refused) : 0;
      // Killed before the next call is killed after this one: nothing happens in between.
      for (let call = first + 1; call <= whole.calls; call += 1) {
        const world = await OrderWorld.with(kind);
        world.refused = refused;
        world.kill = { call, when: 'after' };

        expect({ call, ...(await world.toItsEnd()) }).toMatchObject({ call, outcome, because });
        expect(world.state()).toEqual(EVERYBODY(release));
        expect(world.backups.size).toBe(1);
      }
    },
    60_000,
  );
});

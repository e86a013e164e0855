import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { aRelease, GateWorld, throughEveryHook as through } from '../../support/gate-world';

const SUCCEEDED = { hookStatus: 'SUCCEEDED' };
const FAILED = { hookStatus: 'FAILED' };
const SOON = { hookStatus: 'IN_PROGRESS', callBackDelay: 15 };
const FREEZE = { frozen: true, by: 'ops', reason: 'sale', at: '2026-11-21T07:00:00Z' };

let world: GateWorld;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
});

const throughEveryHook = (service: string) => through(world, service);

describe('opening a release', () => {
  test('its first hook fixes the plan, says who is canary and starts the canary workers', async () => {
    world.deploy('core', 'v2');

    expect(await world.hook('core', 'PRE_SCALE_UP')).toEqual(SUCCEEDED);

    expect(world.pointer).toEqual({
      id: 'v2',
      startedAt: '2026-11-21T08:00:00.000Z',
      expiresAt: '2026-11-21T11:00:00.000Z',
    });
    expect(world.workers.desired).toBe(1);
    expect(await world.ledger.plan('v2')).toMatchObject({ release: 'v2', stable: 'v1', version: 2 });
  });

  test('a frozen system opens nothing', async () => {
    await world.ledger.writeFreeze(FREEZE);
    world.deploy('edge', 'v2');

    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual(FAILED);
    expect(world.pointer).toBeUndefined();
  });

  test('a second release waits for its turn', async () => {
    await world.start();
    world.deploy('core', 'v3');

    expect(await world.hook('core', 'PRE_SCALE_UP')).toEqual(FAILED);
    expect(world.pointer?.id).toBe('v2');
  });

  test('of two releases that open at once one is refused', async () => {
    world.deploy('edge', 'v2');
    world.deploy('core', 'v3');

    const answers = await Promise.all([world.hook('edge', 'PRE_SCALE_UP'), world.hook('core', 'PRE_SCALE_UP')]);

    expect(answers.map(({ hookStatus }) => hookStatus).sort()).toEqual(['FAILED', 'SUCCEEDED']);
  });

  test.each([
    ['promises no answer to a fixture', {}],
    ['misspells the probe that asks for it', { Ai: 'ab'.repeat(32) }],
  ])('a release that %s is refused: any answer would do', async (_, expected) => {
    const lines: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    world.store.files.set('releases/v2/release.json', JSON.stringify({ ...aRelease('v2'), expected }));
    world.deploy('edge', 'v2');

    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual(FAILED);
    expect(lines.map((line) => JSON.parse(line).because)).toEqual([
      'releases/v2/release.json: expected.ai: expected the hash of the answer to that fixture, got nothing; build the release again',
    ]);
    expect(await world.ledger.live()).toBeUndefined();
  });

  test.each([
    ['v2', 'the release on trial'],
    ['v1', 'the stable release'],
    ['v9', 'nothing the ledger knows'],
  ])(
    'images that no release in the ledger has are refused at every stage where they say they are %s, %s',
    async (id) => {
      world.deploy('edge', id, { digests: ['sha256:other'] });

      expect(await throughEveryHook('edge')).toEqual([FAILED, FAILED, FAILED]);
      expect(world.pointer).toBeUndefined();
    },
  );

  test('images that ECS cannot name once their tasks run are refused, whatever they say they are', async () => {
    world.deploy('edge', 'v1', { digests: [] });

    expect((await throughEveryHook('edge')).slice(1)).toEqual([FAILED, FAILED]);
  });

  test('a change of settings deploys the stable release again, also in a frozen system', async () => {
    await world.ledger.writeFreeze(FREEZE);
    world.deploy('edge', 'v1');

    expect(await throughEveryHook('edge')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);
    expect(world.pointer).toBeUndefined();
  });
});

describe('the smoke test', () => {
  test.each([
    ['another release still answers', 'v1', true, SOON],
    ['nobody answers yet', undefined, false, SOON],
    ['the new release is well', 'v2', true, SUCCEEDED],
    ['the new release is not well', 'v2', false, FAILED],
  ])('%s', async (_, release, healthy, answer) => {
    world.deploy('edge', 'v2');
    await world.hook('edge', 'PRE_SCALE_UP');
    world.smoke = { release, healthy, detail: '' };

    expect(await world.hook('edge', 'POST_TEST_TRAFFIC_SHIFT')).toEqual(answer);
  });
});

describe('before the first share', () => {
  test('the front waits until every inner service stands ready and the canary workers run', async () => {
    for (const service of ['edge', 'core']) {
      world.deploy(service, 'v2');
      await world.hook(service, 'PRE_SCALE_UP');
    }

    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SOON);
    expect(await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual(SOON);
    world.workers = { ...world.workers, running: 0 };
    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SOON);
    world.workers = { ...world.workers, running: 1 };
    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SUCCEEDED);
    expect(await world.ledger.started('v2')).toMatchObject({ executionId: 'step-1' });
  });

  test('the same execution is answered the same if its answer was lost', async () => {
    await world.start();

    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SUCCEEDED);
  });

  test('a path that is never whole is rolled back, by the hook or by the tick', async () => {
    world.deploy('edge', 'v2');
    await world.hook('edge', 'PRE_SCALE_UP');
    world.now += 16 * 60_000;

    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'the path was never whole' });
    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SUCCEEDED);
    expect(world.stopped).toEqual(['deployment/edge/v2']);
  });
});

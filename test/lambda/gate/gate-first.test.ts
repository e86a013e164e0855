import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GateWorld, throughEveryHook } from '../../support/gate-world';

const SUCCEEDED = { hookStatus: 'SUCCEEDED' };
const FAILED = { hookStatus: 'FAILED' };
const SOON = { hookStatus: 'IN_PROGRESS', callBackDelay: 15 };
const NEW = { sourceRevisions: [] };
const BUILT = { digests: ['sha256:built-here'], ...NEW };
const FREEZE = { frozen: true, by: 'ops', reason: 'sale', at: '2026-11-21T07:00:00Z' };

let world: GateWorld;

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe('the first release ever', () => {
  beforeEach(() => {
    world = new GateWorld();
  });

  test('passes after its smoke test, without a judge, and is the stable one once every service has', async () => {
    world.deploy('edge', 'v1', NEW);
    expect(await throughEveryHook(world, 'edge')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);
    expect(await world.ledger.stable()).toBeUndefined();

    world.deploy('core', 'v1', NEW);
    expect(await throughEveryHook(world, 'core')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);
    expect(await world.ledger.stable()).toBe('v1');
  });

  test('does not pass if it is not well', async () => {
    world.deploy('edge', 'v1', NEW);
    world.smoke = { release: 'v1', healthy: false, detail: 'database down' };

    expect(await world.hook('edge', 'POST_TEST_TRAFFIC_SHIFT')).toEqual(FAILED);
  });

  test('may be another build where one service did not come up', async () => {
    world.deploy('edge', 'build-1', BUILT);
    await throughEveryHook(world, 'edge');
    world.deploy('core', 'build-2', BUILT);

    expect(await throughEveryHook(world, 'core')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);
    expect(await world.ledger.stable()).toBeUndefined();
  });
});

describe('a first release that was built by hand', () => {
  beforeEach(async () => {
    world = new GateWorld();
    for (const service of ['edge', 'core']) {
      world.deploy(service, 'build-1', BUILT);
      await throughEveryHook(world, service);
    }
  });

  test('is put back with the images it came up with, which ECS resolves when its tasks have started', async () => {
    world.deploy('edge', 'build-1', { digests: [] });
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual(SUCCEEDED);

    world.deploy('edge', 'build-1', { digests: BUILT.digests });
    expect(await throughEveryHook(world, 'edge')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);
  });

  test('is known by those images: others are refused under its name', async () => {
    world.deploy('edge', 'build-1', { digests: ['sha256:other'] });
    expect(await throughEveryHook(world, 'edge')).toEqual([FAILED, FAILED, FAILED]);
  });
});

describe('a service that is new beside a stable release', () => {
  beforeEach(async () => {
    world = await GateWorld.withStable();
  });

  test('is refused with images that no release has', async () => {
    world.deploy('core', 'v2', { digests: ['sha256:other'], ...NEW });
    expect(await throughEveryHook(world, 'core')).toEqual([FAILED, FAILED, FAILED]);
  });

  test('opens its release as any other: not in a frozen system, not beside a release under way', async () => {
    await world.ledger.writeFreeze(FREEZE);
    world.deploy('core', 'v2', NEW);
    expect(await world.hook('core', 'PRE_SCALE_UP')).toEqual(FAILED);

    await world.ledger.writeFreeze({ ...FREEZE, frozen: false });
    await world.start();
    world.deploy('core', 'v3', NEW);
    expect(await world.hook('core', 'PRE_SCALE_UP')).toEqual(FAILED);
  });

  test('stands ready and waits for the verdict with the others', async () => {
    world.deploy('edge', 'v2');
    world.deploy('core', 'v2', NEW);
    await world.hook('edge', 'PRE_SCALE_UP');

    expect(await throughEveryHook(world, 'core')).toEqual([SUCCEEDED, SUCCEEDED, SOON]);
    expect(await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1')).toEqual(SUCCEEDED);
    expect(await world.ledger.started('v2')).toMatchObject({ executionId: 'step-1' });
  });

  test('comes back with the stable release where it was lost, after a smoke test, also in a frozen system', async () => {
    await world.ledger.writeFreeze(FREEZE);
    world.deploy('edge', 'v1', NEW);
    expect(await throughEveryHook(world, 'edge')).toEqual([SUCCEEDED, SUCCEEDED, SUCCEEDED]);

    world.smoke = { release: 'v1', healthy: false, detail: 'database down' };
    expect(await world.hook('edge', 'POST_TEST_TRAFFIC_SHIFT')).toEqual(FAILED);
  });

  test('as the front it needs the stable release first: ECS would give a lone one everybody at once', async () => {
    world.deploy('edge', 'v2', NEW);

    expect(await throughEveryHook(world, 'edge')).toEqual([FAILED, FAILED, FAILED]);
    expect(world.pointer).toBeUndefined();
  });
});

import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GateWorld, slowMinutes } from '../../support/gate-world';

let logged: string[];
beforeEach(() => {
  logged = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
});

/** A release that is rolled back, up to the tick that ends it. */
async function rolledBack(): Promise<GateWorld> {
  const world = await GateWorld.withStable();
  for (const service of ['edge', 'core']) {
    world.deploy(service, 'v2');
    await world.hook(service, 'PRE_SCALE_UP');
    await world.hook(service, 'POST_TEST_TRAFFIC_SHIFT');
  }
  await world.hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT');
  await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-1');
  world.minutes = slowMinutes(8, 12);
  await world.gate().tick();
  for (const service of ['edge', 'core']) world.move(service, 'ROLLBACK_SUCCESSFUL', 'stopped');
  return world;
}

describe('a release that ends', () => {
  test('leaves its report in the ledger, which knows how it ended', async () => {
    const world = await rolledBack();
    expect(await world.store.get('releases/v2/report.html')).toBeUndefined();

    await world.gate().tick();

    const report = (await world.store.get('releases/v2/report.html'))!;
    expect(report).toContain('<h1><b>v2</b> was rolled back</h1>');
    expect(report).toContain('coach <span>/</span> prod');
    expect(report).toContain('Nobody recorded what the balancer did.');
  });

  test('ends also where its report cannot be written, which is logged', async () => {
    const world = await rolledBack();
    const { put } = world.store;
    world.store.put = (key, body) =>
      key.endsWith('report.html') ? Promise.reject(new Error('the disk is full')) : put.call(world.store, key, body);

    await world.gate().tick();

    expect((await world.ledger.ending('v2'))!.outcome).toBe('rolled back');
    expect(logged.join('')).toContain('"message":"report not kept"');
    expect(logged.join('')).toContain('the disk is full');
  });

  test('ends also where its recorded minutes have been spoiled', async () => {
    const world = await rolledBack();
    const { get } = world.store;
    world.store.get = async (key) => (key.endsWith('minutes.ndjson') ? 'spoiled' : get.call(world.store, key));

    await world.gate().tick();

    expect((await world.ledger.ending('v2'))!.outcome).toBe('rolled back');
    expect(logged.join('')).toContain('"message":"report not kept"');
  });
});

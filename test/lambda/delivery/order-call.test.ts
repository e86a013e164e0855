import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { OrderPorts } from '../../../delivery/order/ports';
import { OrderRecord } from '../../../delivery/order/record';
import { answerOrder, type OrderCall } from '../../../lambda/delivery/order-call';
import { OrderWorld } from '../../delivery/order/order-world';

const CHECKS = ['window', 'freeze', 'alarms', 'schema'] as const;

/** A pipeline that asks what the real one asks, one call after the other. */
class Pipeline {
  private readonly ports: OrderPorts;
  readonly record: OrderRecord;

  constructor(readonly world: OrderWorld) {
    this.ports = Reflect.get(world, 'counted').call(world);
    this.record = new OrderRecord(world.gate.store, 'v2');
  }

  static async with(kind: 'good' | 'slow'): Promise<Pipeline> {
    return new Pipeline(await OrderWorld.with(kind));
  }

  call(call: OrderCall) {
    return answerOrder(this.ports, undefined, call);
  }

  stages(...stages: readonly ((typeof CHECKS)[number] | 'canary' | 'workers' | 'sites' | 'smoke' | 'report')[]) {
    return this.call({ release: 'v2', execution: 'run-1', stages });
  }

  /** EventBridge's word. */
  failed(stage: string, execution = 'run-1') {
    return this.call({ detail: { pipeline: 'coach-prod', 'execution-id': execution, stage } });
  }

  async refusal() {
    return JSON.parse((await this.world.gate.store.get('releases/v2/refused.json'))!);
  }

  async upToCanary() {
    await this.stages(...CHECKS);
    await this.call({ release: 'v2', done: { stage: 'backup', because: 'to be restored from snapshot-1' } });
    await this.call({ release: 'v2', done: { stage: 'migrate', because: 'its migrations are applied' } });
  }
}

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe('a release that goes well', () => {
  test('leaves every stage in the ledger, and its end', async () => {
    const pipeline = await Pipeline.with('good');

    await pipeline.upToCanary();
    await pipeline.stages('canary');
    await pipeline.stages('workers');
    await pipeline.stages('sites');
    await pipeline.stages('smoke');
    const told = await pipeline.stages('report');

    expect(told).toEqual({ release: 'v2', because: 'report: v2 is written down' });
    expect((await pipeline.record.stages()).map(({ outcome }) => outcome)).toEqual(Array(11).fill('passed'));
    expect(await pipeline.record.end()).toMatchObject({ outcome: 'released', because: 'v2 serves everybody' });
    expect(pipeline.world.state()).toMatchObject({ edge: 'v2', core: 'v2', workers: 'v2', site: 'v2' });
  });

  test('a stage that passed is not carried out again', async () => {
    const pipeline = await Pipeline.with('good');
    await pipeline.upToCanary();
    await pipeline.stages('canary');
    const { calls } = pipeline.world;

    expect((await pipeline.stages('canary')).because).toMatch(/^canary: certified with 95 %/);
    expect(pipeline.world.calls - calls).toBeLessThan(10);
  });
});

describe('a check', () => {
  test('that does not hold refuses the release, by the name that Step Functions does not try again', async () => {
    const pipeline = await Pipeline.with('good');
    pipeline.world.firing = ['coach-prod-release-edge-errors'];

    await expect(pipeline.stages(...CHECKS)).rejects.toMatchObject({
      name: 'Refusal',
      message: 'alarms: firing already, so ECS would ignore them: coach-prod-release-edge-errors',
    });
  });

  test('is made anew when a person retries the stage, whether it held before or not', async () => {
    const pipeline = await Pipeline.with('good');
    pipeline.world.firing = ['coach-prod-release-edge-errors'];
    await expect(pipeline.stages(...CHECKS)).rejects.toThrow('firing already');

    pipeline.world.firing = [];
    await pipeline.stages(...CHECKS);
    pipeline.world.firing = ['coach-prod-release-abort'];

    await expect(pipeline.stages(...CHECKS)).rejects.toThrow('coach-prod-release-abort');
  });

  test("does not go on past a person's word", async () => {
    const pipeline = await Pipeline.with('good');
    const at = '2026-11-24T04:00:00Z';
    await pipeline.world.gate.ledger.order('v2', { kind: 'abort', by: 'ana', reason: 'wrong tag', at });

    await expect(pipeline.stages(...CHECKS)).rejects.toThrow('window: abort by ana: wrong tag');
  });

  test('of a release that nobody built is refused', async () => {
    const pipeline = await Pipeline.with('good');

    await expect(pipeline.call({ release: 'v9', execution: 'run-9', stages: ['window'] })).rejects.toThrow(
      "releases/v9/release.json: expected the release's record, got nothing; build the release first",
    );
  });
});

describe('a stage that fails', () => {
  test('before the checks has changed nothing', async () => {
    const pipeline = await Pipeline.with('good');
    const before = pipeline.world.state();

    expect(await pipeline.failed('Build')).toEqual({ because: 'Build failed before anything was changed' });
    expect(pipeline.world.state()).toEqual(before);
    expect(await pipeline.record.end()).toBeUndefined();
  });

  test('before the canary is a refusal: services stay as they are', async () => {
    const pipeline = await Pipeline.with('good');
    const before = pipeline.world.state();
    await pipeline.upToCanary();

    await pipeline.failed('Migrate');

    expect(pipeline.world.state()).toEqual(before);
    expect(pipeline.world.gate.notices.at(-1)).toBe('v2: refused (Migrate: the stage failed; the pipeline says why)');
    expect(await pipeline.refusal()).toBe('Migrate: the stage failed; the pipeline says why');
  });

  test('because of a check leaves its reason in the ledger, and a retry goes on to the end', async () => {
    const pipeline = await Pipeline.with('good');
    pipeline.world.firing = ['coach-prod-release-abort'];
    await expect(pipeline.stages(...CHECKS)).rejects.toThrow('firing already');
    await pipeline.failed('Verify');
    expect(await pipeline.refusal()).toMatch(/^alarms: firing already/);

    pipeline.world.firing = [];
    await pipeline.upToCanary();
    await pipeline.stages('canary', 'workers', 'sites', 'smoke', 'report');

    expect(await pipeline.record.end()).toMatchObject({ outcome: 'released' });
    expect(await pipeline.refusal()).toBeNull();
  });

  test("because of the gate's verdict ends with the stable release everywhere, and the gate's reason in the ledger", async () => {
    const pipeline = await Pipeline.with('slow');
    await pipeline.upToCanary();
    await expect(pipeline.stages('canary')).rejects.toThrow(/^canary: rolled back: /);

    await pipeline.failed('Canary');

    expect(pipeline.world.state()).toMatchObject({
      edge: 'v1',
      core: 'v1',
      workers: 'v1',
      site: 'v1',
      canaryWorkers: 0,
    });
    const end = await pipeline.record.end();
    expect(end?.outcome).toBe('taken back');
    expect(end?.because).toMatch(/^canary: rolled back: .*breach/);
  });

  test('after the promotion takes everything back to the release before, at once', async () => {
    const pipeline = await Pipeline.with('good');
    await pipeline.upToCanary();
    await pipeline.stages('canary');
    expect(pipeline.world.state()).toMatchObject({ edge: 'v2', core: 'v2' });
    pipeline.world.healthy = false;
    await expect(pipeline.stages('smoke')).rejects.toThrow('smoke: it is not well: 200');

    await pipeline.failed('Smoke');

    expect(pipeline.world.state()).toMatchObject({ edge: 'v1', core: 'v1', workers: 'v1', site: 'v1' });
    expect(await pipeline.world.gate.ledger.stable()).toBe('v1');
    expect(pipeline.world.gate.notices.at(-1)).toMatch(/^v2: taken back/);
  });

  test('is taken back once, however often EventBridge says it', async () => {
    const pipeline = await Pipeline.with('slow');
    await pipeline.upToCanary();
    await expect(pipeline.stages('canary')).rejects.toThrow('rolled back');
    await pipeline.failed('Canary');
    const told = pipeline.world.gate.notices.length;

    await pipeline.failed('Canary');

    expect(pipeline.world.gate.notices).toHaveLength(told);
  });

  test('and was taken back cannot be retried: what it stood on is gone', async () => {
    const pipeline = await Pipeline.with('slow');
    await pipeline.upToCanary();
    await expect(pipeline.stages('canary')).rejects.toThrow('rolled back');
    await pipeline.failed('Canary');

    await expect(pipeline.stages('workers')).rejects.toThrow(/^v2 was taken back: .*; release it under another tag$/);
  });

  test('while the canary is live has the gate end it first', async () => {
    const pipeline = await Pipeline.with('good');
    await pipeline.upToCanary();
    const ports = Reflect.get(pipeline.world, 'counted').call(pipeline.world) as OrderPorts;
    await ports.services.begin('v2');
    for (let i = 0; i < 4; i += 1) await ports.pause();
    expect(await pipeline.world.gate.ledger.live()).toBe('v2');

    await pipeline.failed('Canary');

    expect(await pipeline.world.gate.ledger.live()).toBeUndefined();
    expect(pipeline.world.state()).toMatchObject({ edge: 'v1', core: 'v1', canaryWorkers: 0, pointer: undefined });
  });
});

import { afterEach, expect, test } from '@jest/globals';
import { Cluster, type ClusterOptions, revision, weightsOf } from './controller-stage';

let cluster: Cluster;

afterEach(() => cluster.close());

async function serving(options: ClusterOptions = {}): Promise<Cluster> {
  cluster = await Cluster.serving(options);
  return cluster;
}

test('the first deployment has no source, passes every hook once, bakes nothing, and serves', async () => {
  cluster = await Cluster.open();

  const ended = await cluster.deploy('v1');

  expect(ended.map(({ status, sourceRevisions }) => ({ status, sourceRevisions }))).toEqual([
    { status: 'SUCCESSFUL', sourceRevisions: [] },
    { status: 'SUCCESSFUL', sourceRevisions: [] },
  ]);
  expect(
    cluster.events
      .filter(({ hookDetails }) => hookDetails?.service === 'edge')
      .map(({ lifecycleStage }) => lifecycleStage),
  ).toEqual(['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT']);
  expect(await cluster.serving('edge')).toEqual({ production: 'v1', test: 'v1' });
});

test('the front takes its share, then everything; an inner service moves once; both end on the new release', async () => {
  await serving();

  const ended = await cluster.deploy('v2');

  expect(ended.map(({ service, status, weight }) => `${service} ${status} ${weight}`)).toEqual([
    'edge SUCCESSFUL 100',
    'core SUCCESSFUL 100',
  ]);
  expect(cluster.told('edge', 'weight')).toEqual(['10', '100']);
  expect(cluster.told('core', 'weight')).toEqual(['100']);
  expect(await cluster.serving('edge')).toEqual({ production: 'v2', test: 'v2' });
  expect(cluster.running()).toEqual(['core v2', 'edge v2']);
});

test.each(['before-hook', 'beside-hook', 'after-hook'] as const)(
  'the hook before 100 %% is another execution than the one before 10 %%, whether the step bakes %s',
  async (bakes) => {
    await serving({ bakes });

    await cluster.deploy('v2');

    const shifts = cluster.events.filter(
      ({ lifecycleStage, hookDetails }) =>
        lifecycleStage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' && hookDetails?.lane === 'front',
    );
    expect(shifts.map(weightsOf)).toEqual([
      ['v2 0', 'v1 100'],
      ['v2 10', 'v1 90'],
    ]);
    expect(shifts[0]!.executionId).not.toBe(shifts[1]!.executionId);
  },
);

test('a hook that is in progress is asked again as the same execution, with what it answered', async () => {
  let asked = 0;
  await serving({
    hook: (event) =>
      event.lifecycleStage === 'PRE_SCALE_UP' && event.hookDetails?.service === 'core' && ++asked % 3 !== 0
        ? { hookStatus: 'IN_PROGRESS', callBackDelay: 5, hookDetails: { seen: asked } }
        : { hookStatus: 'SUCCEEDED' },
  });

  await cluster.deploy('v2');

  const calls = cluster.events.filter(
    (event) => event.lifecycleStage === 'PRE_SCALE_UP' && event.hookDetails?.service === 'core',
  );
  expect(new Set(calls.map(({ executionId }) => executionId)).size).toBe(1);
  expect(calls.map(({ hookDetails }) => (hookDetails as { seen?: number }).seen)).toEqual([undefined, 4, 5]);
});

test('a task that crashes is replaced by one of the same release', async () => {
  await serving();
  const replaced = cluster.nextTask('v1');

  cluster.crash('v1');
  await replaced;

  expect(cluster.told('edge', 'task')).toEqual(['exit code 1']);
});

test('a deployment is refused while both groups have weight, as over a canary that is half way', async () => {
  await serving();
  cluster.doors.edge!.setWeights('production', { 'edge-a': 100, 'edge-b': 900 });

  await expect(cluster.deploy('v2')).rejects.toThrow(
    'productionListenerRule of edge should have exactly one target group serving traffic but found 2',
  );
});

test('canary workers stand ready at zero until they are given a number, and workers keep the old release if the new one fails', async () => {
  await serving({ dead: ['v3'] });
  const { workers, canaryWorkers } = cluster.controller;

  await canaryWorkers.roll(revision('worker-canary', 'v2'), 0);
  expect(canaryWorkers.describe()).toEqual({ desired: 0, running: 0, release: 'v2' });
  await canaryWorkers.scale(1);
  expect(canaryWorkers.describe()).toEqual({ desired: 1, running: 1, release: 'v2' });

  await workers.roll(revision('worker', 'v2'), 2);
  await expect(workers.roll(revision('worker', 'v3'), 2)).rejects.toThrow(
    'tasks failed to start 3 times in a row, at last: worker: exit code 1',
  );
  expect(workers.describe()).toEqual({ desired: 2, running: 2, release: 'v2' });
});

import { afterEach, expect, test } from '@jest/globals';
import { Cluster, type ClusterOptions, failing, weightsOf } from './controller-stage';

let cluster: Cluster;

afterEach(() => cluster.close());

async function serving(options: ClusterOptions = {}): Promise<Cluster> {
  cluster = await Cluster.serving(options);
  return cluster;
}

test('a hook that fails before 100 %% takes the service back, and nothing of the release is left', async () => {
  await serving({
    hook: failing((event) => Object.values(event.executionDetails.productionTrafficWeights).includes(10)),
  });

  const [edge, core] = await cluster.deploy('v2');

  expect(edge).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: 'the hook failed at PRE_PRODUCTION_TRAFFIC_SHIFT',
    weight: 0,
  });
  expect(core!.status).toBe('SUCCESSFUL');
  expect(cluster.told('edge', 'weight')).toEqual(['10', '0']);
  expect(await cluster.serving('edge')).toEqual({ production: 'v1', test: 'v1' });
  expect(cluster.running()).toEqual(['core v2', 'edge v1']);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
    'the hook broke at PRE_SCALE_UP: boom',
  ],
  [
    'answers nothing',
    () => undefined,
    'the hook broke at PRE_SCALE_UP: HookStatus must be one of SUCCEEDED, FAILED, IN_PROGRESS',
  ],
  [
    'answers a word ECS does not know',
    () => ({ hookStatus: 'OK' }),
    'the hook broke at PRE_SCALE_UP: HookStatus must be one of SUCCEEDED, FAILED, IN_PROGRESS',
  ],
])('a hook that %s fails closed', async (_, answer, rollback) => {
  let first = true;
  await serving({ hook: (event) => (first ? { hookStatus: 'SUCCEEDED' } : answer.call(event)) });
  first = false;

  const ended = await cluster.deploy('v2');

  expect(ended.map((deployment) => deployment.rollback)).toEqual([rollback, rollback]);
  expect(cluster.running()).toEqual(['core v1', 'edge v1']);
});

test('a hook that never comes to an answer times out into a rollback', async () => {
  let first = true;
  await serving({
    hookTimeoutMinutes: 2,
    hook: () => ({ hookStatus: first ? 'SUCCEEDED' : 'IN_PROGRESS', callBackDelay: 30 }),
  });
  first = false;

  const [edge] = await cluster.deploy('v2');

  expect(edge!.rollback).toBe('the hook timed out at PRE_SCALE_UP after 2 minutes');
});

test('an alarm that fires in the bake takes the service back', async () => {
  let firing = false;
  await serving({
    alarms: [{ name: 'release-abort', inAlarm: () => firing }],
    hook: (event) => {
      if (Object.values(event.executionDetails.productionTrafficWeights).includes(10)) firing = true;
      return { hookStatus: firing ? 'IN_PROGRESS' : 'SUCCEEDED', callBackDelay: 60 };
    },
  });

  const [edge] = await cluster.deploy('v2');

  expect(edge).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', rollback: 'alarm release-abort', alarms: 'TRIGGERED' });
});

test('an alarm that fires when the deployment starts is ignored for the whole of it, and told as disabled', async () => {
  let firing = false;
  await serving({ alarms: [{ name: 'release-abort', inAlarm: () => firing }] });
  firing = true;

  const ended = await cluster.deploy('v2');

  expect(ended.map(({ status, alarms }) => `${status} ${alarms}`)).toEqual([
    'SUCCESSFUL DISABLED',
    'SUCCESSFUL DISABLED',
  ]);
});

test('a revision that never becomes healthy is given up after three tasks, and no hook is asked about its traffic', async () => {
  await serving({ dead: ['v2'] });

  const ended = await cluster.deploy('v2');

  expect(ended.map(({ rollback }) => rollback)).toEqual(
    Array(2).fill(expect.stringContaining('tasks failed to start 3 times in a row, at last: ')),
  );
  expect(cluster.told('core', 'task')).toEqual(Array(3).fill('core: exit code 1'));
  expect(new Set(cluster.events.map(({ lifecycleStage }) => lifecycleStage))).toEqual(new Set(['PRE_SCALE_UP']));
});

test('stopping a deployment takes it back; stopping one that has ended does nothing', async () => {
  await serving({
    hook: (event) => {
      if (event.executionDetails.targetServiceRevisionArn.endsWith('v2')) cluster.controller.stop(event.resourceArn);
      return { hookStatus: 'SUCCEEDED' };
    },
  });

  const ended = await cluster.deploy('v2');
  for (const { arn } of ended) cluster.controller.stop(arn);

  expect(cluster.controller.latest().map(({ status, rollback }) => `${status}: ${rollback}`)).toEqual(
    Array(2).fill('ROLLBACK_SUCCESSFUL: stopped by request'),
  );
  expect(() => cluster.controller.stop('arn:none')).toThrow('ServiceDeploymentNotFoundException: arn:none');
});

test('on the way back the hooks of both shifts are called again, with the release at 0', async () => {
  await serving({
    hooks: ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    hook: failing(({ lifecycleStage }) => lifecycleStage === 'POST_PRODUCTION_TRAFFIC_SHIFT'),
  });

  const [edge] = await cluster.deploy('v2');

  const stages = cluster.events
    .filter(({ hookDetails }) => hookDetails?.service === 'edge')
    .map(({ lifecycleStage }) => lifecycleStage);
  expect(stages).toEqual([
    ...['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    ...['PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT'],
  ]);
  expect(weightsOf(cluster.events.filter(({ hookDetails }) => hookDetails?.service === 'edge').at(-2)!)).toEqual([
    'v2 0',
    'v1 100',
  ]);
  expect(edge!.status).toBe('ROLLBACK_SUCCESSFUL');
});

test('a hook that refuses on the way back makes the rollback fail', async () => {
  await serving({ hooks: ['TEST_TRAFFIC_SHIFT'], hook: failing(() => true) });

  const [edge] = await cluster.deploy('v2');

  expect(edge!.status).toBe('ROLLBACK_FAILED');
});

test('a first deployment that fails has nothing to go back to', async () => {
  cluster = await Cluster.open({ dead: ['v1'] });

  const [edge] = await cluster.deploy('v1');

  expect(edge).toMatchObject({
    status: 'ROLLBACK_FAILED',
    rollback: 'tasks failed to start 3 times in a row, at last: edge: exit code 1',
  });
  expect(cluster.happenings.at(-1)).toMatchObject({ reason: 'No rollback candidate was found to run the rollback' });
});

import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { awsLedger } from '../../../lambda/gate/aws-ledger';
import { awsMetrics } from '../../../lambda/gate/aws-metrics';
import type { GateCall, GateResult } from '../../../lambda/gate/invocation';
import { Ledger } from '../../../lambda/gate/ledger';
import type { LedgerStore } from '../../../lambda/gate/ports';
import { GATE_VARIABLES, type GateConfig } from '../../../lib/model/gate-config';
import type { Minute } from '../../../lib/model/gate-plan';
import { aRelease, cleanMinutes, GATE_CONFIG, slowMinutes } from '../../support/gate-world';
import { PaperAccount } from './aws-account';
import { deploymentArn } from './aws-ecs';
import { AwsEndpoint } from './aws-endpoint';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-21T10:00:00Z');
const ENVIRONMENT = { ...process.env };

let account: PaperAccount;
let endpoint: AwsEndpoint;
let store: LedgerStore;
let ledger: Ledger;
/** The shipped handler, as Lambda loads it. */
let handler: (event: GateCall) => Promise<GateResult>;

beforeAll(async () => {
  // before the handler is loaded, which takes its clock then
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'],
    now: NOW,
  });
  endpoint = await AwsEndpoint.open();
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: endpoint.client.endpoint, AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' },
    ...environmentOf(GATE_CONFIG),
  });
  ({ handler } = require('../../../lambda/gate/gate.lambda'));
}, 30_000);

afterAll(() => {
  jest.useRealTimers();
  process.env = ENVIRONMENT;
  endpoint.close();
});

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.setSystemTime(NOW);
  account = new PaperAccount();
  endpoint.answer = account.answer;
  endpoint.calls.length = 0;
  store = awsLedger(new S3Client({ ...endpoint.client, forcePathStyle: true }), 'ledger');
  ledger = new Ledger(store);
  await ledger.writeStable('v1');
  for (const id of ['v1', 'v2']) await store.put(`releases/${id}/release.json`, JSON.stringify(aRelease(id)));
});

function environmentOf(config: GateConfig): Record<string, string> {
  return {
    ...{ [GATE_VARIABLES.config]: JSON.stringify(config), [GATE_VARIABLES.ledgerBucket]: 'ledger' },
    ...{ [GATE_VARIABLES.pointerParameter]: '/coach/prod/release/canary', [GATE_VARIABLES.cluster]: 'coach' },
    ...{ [GATE_VARIABLES.metricNamespace]: 'coach/prod/release', [GATE_VARIABLES.canaryWorkers]: 'worker-canary' },
    ...{ [GATE_VARIABLES.noticeTopic]: 'arn:topic', [GATE_VARIABLES.proberFunction]: 'prober' },
    [GATE_VARIABLES.proberSchedule]: 'prober',
  };
}

function hook(service: string, lifecycleStage: string, executionId = `${service} ${lifecycleStage}`) {
  return handler({ lifecycleStage, executionId, resourceArn: deploymentArn(service, 'v2') } as GateCall);
}

/** From the first hook to the moment the canary takes its share. */
async function startV2(): Promise<void> {
  for (const service of ['edge', 'core']) {
    account.ecs.deployments.push({ service, release: 'v2', from: 'v1', createdAt: NOW / 1_000 });
    account.smoke = { release: 'v2', healthy: true, detail: '200' };
    expect(await hook(service, 'PRE_SCALE_UP')).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(await hook(service, 'POST_TEST_TRAFFIC_SHIFT')).toEqual({ hookStatus: 'SUCCEEDED' });
  }
  expect(await hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toMatchObject({ hookStatus: 'IN_PROGRESS' });
  expect(await hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step 1')).toEqual({ hookStatus: 'SUCCEEDED' });
}

/** The prober's part: counts of the minutes since the start, published, and the clock set to when the last has closed. */
async function measure(minutes: readonly Minute[]): Promise<void> {
  const options = { namespace: 'coach/prod/release', minuteMs: MINUTE, closeAfterMin: 0, now: Date.now };
  const metrics = awsMetrics(endpoint.client, options);
  for (const { minute, probes } of minutes) await metrics.publish('v2', NOW + (minute - 1) * MINUTE, probes);
  jest.setSystemTime(NOW + (minutes.length + 1.5) * MINUTE);
}

test('the shipped handler takes a good release from its first hook to everybody', async () => {
  await startV2();
  expect(JSON.parse(account.parameter)).toMatchObject({ id: 'v2' });
  expect(account.schedule.State).toBe('ENABLED');

  await measure(cleanMinutes(30));
  expect(await handler({ call: 'tick' })).toMatchObject({
    release: 'v2',
    minutes: 30,
    verdict: 'promote',
    ended: false,
  });
  expect(await hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual({ hookStatus: 'SUCCEEDED' });
  expect(await hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step 2')).toEqual({ hookStatus: 'SUCCEEDED' });

  for (const service of ['edge', 'core']) account.ecs.move(service, { status: 'SUCCESSFUL' });
  expect(await handler({ call: 'tick' })).toMatchObject({ ended: true });
  expect([await ledger.stable(), account.parameter]).toEqual(['v2', 'none']);

  await handler({ call: 'tick' });
  expect(account.schedule).toMatchObject({ State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' });
});

test('and takes a slow one back: every deployment is stopped, the alarm is raised, people are told', async () => {
  await startV2();

  await measure(slowMinutes(6, 8));
  expect(await handler({ call: 'tick' })).toMatchObject({ verdict: 'rollback', ended: false });

  const stopped = endpoint.bodies<{ serviceDeploymentArn: string }>('StopServiceDeployment');
  expect(stopped.map(({ serviceDeploymentArn }) => serviceDeploymentArn)).toEqual([
    deploymentArn('edge', 'v2'),
    deploymentArn('core', 'v2'),
  ]);
  expect([...account.metrics.keys()]).toEqual(expect.arrayContaining(['ReleaseAbort', 'RollbackEvidence']));
  expect(account.notices).toEqual(['v2: rollback']);
  expect(account.parameter).toBe('none');
  expect(await hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual({ hookStatus: 'SUCCEEDED' });

  for (const service of ['edge', 'core']) account.ecs.move(service, { status: 'ROLLBACK_SUCCESSFUL' });
  expect(await handler({ call: 'tick' })).toMatchObject({ ended: true });
  expect([await ledger.stable(), (await ledger.ending('v2'))?.outcome]).toEqual(['v1', 'rolled back']);
});

test('while AWS fails it neither promotes nor rolls back, and asks ECS to come again', async () => {
  await startV2();
  await measure(cleanMinutes(30));
  endpoint.answer = () => ({ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } });

  expect(await hook('core', 'PRE_PRODUCTION_TRAFFIC_SHIFT')).toEqual({ hookStatus: 'IN_PROGRESS', callBackDelay: 30 });
  await expect(handler({ call: 'tick' })).rejects.toThrow();
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsMetricsOptions } from '../../../lambda/gate/aws-metrics';
import type { MetricsStore } from '../../../lambda/gate/ports';
import { arm } from '../../support/minutes';
import { AwsEndpoint, awsError, inTurn } from './aws-endpoint';
import { metricsAt, type Published, START } from './aws-metrics-stage';

let endpoint: AwsEndpoint;
let now: number;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open();
  now = START;
});

afterEach(() => endpoint.close());

function store(options: Partial<AwsMetricsOptions> = {}): MetricsStore {
  return metricsAt(endpoint, { now: () => now, ...options });
}

describe('publishing a minute', () => {
  test('names each count by release, probe and arm, and again without the release for alarms', async () => {
    await store().publish('v2', START, { login: { canary: arm(20, 1), stable: arm(19), misrouted: 3 } });

    const [{ Namespace, MetricData }] = endpoint.bodies<Published>('PutMetricData') as [Published];
    const inShort = MetricData.map(({ MetricName, Value, Dimensions }) =>
      [MetricName, Value, ...(Dimensions ?? []).map((d) => `${d.Name}=${d.Value}`)].join(' '),
    );
    expect(Namespace).toBe('coach/prod/release');
    expect(inShort).toEqual([
      'Samples 20 Release=v2 Probe=login Arm=canary',
      'Samples 20 Probe=login Arm=canary',
      'Breaches 1 Release=v2 Probe=login Arm=canary',
      'Breaches 1 Probe=login Arm=canary',
      'Samples 19 Release=v2 Probe=login Arm=stable',
      'Samples 19 Probe=login Arm=stable',
      'Breaches 0 Release=v2 Probe=login Arm=stable',
      'Breaches 0 Probe=login Arm=stable',
      'Misrouted 3 Release=v2 Probe=login',
      'Misrouted 3 Probe=login',
    ]);
    expect(MetricData.map(({ Timestamp }) => Timestamp * 1_000)).toEqual(MetricData.map(() => START));
  });

  test('tells of wrong answers, and of no arm that had no sample', async () => {
    await store().publish('v2', START, {
      ai: { canary: { n: 1, breaches: 1, hard: 1 }, stable: arm(0), misrouted: 0 },
    });

    const [{ MetricData }] = endpoint.bodies<Published>('PutMetricData') as [Published];
    expect(new Set(MetricData.map(({ MetricName }) => MetricName))).toEqual(
      new Set(['Samples', 'Breaches', 'HardFailures']),
    );
    expect(MetricData.every(({ Dimensions }) => Dimensions?.at(-1)?.Value === 'canary')).toBe(true);
  });

  test('is tried again when it was refused for its rate', async () => {
    endpoint.answer = inTurn(awsError('ThrottlingException'), { body: {} });

    await store().signal('ReleaseAbort', 1);

    expect(endpoint.calls).toHaveLength(2);
  });

  test('is not tried again when CloudWatch may have taken it: what is counted twice is evidence nobody saw', async () => {
    endpoint.answer = () => awsError('InternalServiceFault', 500);
    const counts = { login: { canary: arm(20), stable: arm(20), misrouted: 0 } };

    await expect(store().publish('v2', START, counts)).rejects.toThrow('InternalServiceFault');
    expect(endpoint.calls).toHaveLength(1);
  });

  test('signals have no dimensions, so that one alarm stands on them for ever', async () => {
    now = START + 12_345;
    await store().signal('RollbackEvidence', -2.5);

    expect(endpoint.bodies('PutMetricData')).toEqual([
      {
        Namespace: 'coach/prod/release',
        MetricData: [{ MetricName: 'RollbackEvidence', Value: -2.5, Timestamp: now / 1_000 }],
      },
    ]);
  });
});

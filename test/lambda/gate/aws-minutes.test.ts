import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsMetricsOptions } from '../../../lambda/gate/aws-metrics';
import type { MetricsStore } from '../../../lambda/gate/ports';
import type { Minute, ProbeSpec } from '../../../lib/model/gate-plan';
import { arm } from '../../support/minutes';
import { type AwsAnswer, AwsEndpoint, awsError, inTurn } from './aws-endpoint';
import { cloudWatch, LOGIN, MINUTE, metricsAt, type Published, planOf, type Query, START } from './aws-metrics-stage';

const GROUPS = { balancer: 'app/b/1', canary: 'targetgroup/g/2', stable: 'targetgroup/h/3' };
const TRAFFIC = {
  ...{ kind: 'rate', id: 'traffic', bound: '5xx < 1 %', p0: 0.01, pTol: 0.03, typical: 0.002, mustCatch: 0.05 },
  ...{ perMinute: 0, burst: 1, weight: 0.3, passive: true },
} as const satisfies ProbeSpec;
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

describe('reading minutes', () => {
  test('begins with the first whole minute, ends with the last that closed, and asks for sums of whole minutes', async () => {
    endpoint.answer = cloudWatch({});
    now = START + 5 * MINUTE + 29_999;
    await store().minutes(planOf(LOGIN), START - 20_000);

    const [{ StartTime, EndTime, MetricDataQueries }] = endpoint.bodies<Query>('GetMetricData') as [Query];
    expect([StartTime, EndTime].map((at) => at * 1_000)).toEqual([START, START + 3 * MINUTE]);
    expect(MetricDataQueries).toHaveLength(7);
    expect(new Set(MetricDataQueries.map(({ MetricStat }) => `${MetricStat.Stat} ${MetricStat.Period}`))).toEqual(
      new Set(['Sum 60']),
    );
  });

  test('asks nothing before a minute has closed', async () => {
    now = START + 2.4 * MINUTE;

    expect(await store().minutes(planOf(LOGIN), START)).toEqual([]);
    expect(endpoint.calls).toHaveLength(0);
  });

  test('puts the counts of each arm in their places; a minute of silence is there with no probes', async () => {
    now = START + 5 * MINUTE;
    endpoint.answer = cloudWatch({
      'Samples v2 login canary': [20, undefined, 18],
      'Breaches v2 login canary': [2, undefined, 0],
      'HardFailures v2 login canary': [1],
      'Samples v2 login stable': [20, undefined, 20],
      'Misrouted v2 login': [undefined, undefined, 4],
    });

    expect(await store().minutes(planOf(LOGIN), START)).toEqual([
      { minute: 1, probes: { login: { canary: { n: 20, breaches: 2, hard: 1 }, stable: arm(20), misrouted: 0 } } },
      { minute: 2, probes: {} },
      { minute: 3, probes: { login: { canary: arm(18), stable: arm(20), misrouted: 4 } } },
    ] satisfies Minute[]);
  });

  test('what was published is what is read', async () => {
    const counts = { login: { canary: { n: 20, breaches: 3, hard: 1 }, stable: arm(21, 2), misrouted: 5 } };
    await store().publish('v2', START, counts);
    const [{ MetricData }] = endpoint.bodies<Published>('PutMetricData') as [Published];
    endpoint.answer = cloudWatch(
      Object.fromEntries(
        MetricData.map((datum) => [
          [datum.MetricName, ...(datum.Dimensions ?? []).map(({ Value }) => Value)].join(' '),
          [datum.Value],
        ]),
      ),
    );
    now = START + 3 * MINUTE;

    expect(await store().minutes(planOf(LOGIN), START)).toEqual([{ minute: 1, probes: counts }]);
  });

  test('a series that comes on several pages is put together', async () => {
    now = START + 4 * MINUTE;
    const page = (minute: number, value: number, NextToken?: string): AwsAnswer => ({
      body: {
        NextToken,
        MetricDataResults: [
          {
            ...{ Id: 's0', StatusCode: NextToken ? 'PartialData' : 'Complete' },
            ...{ Timestamps: [(START + minute * MINUTE) / 1_000], Values: [value] },
          },
        ],
      },
    });
    endpoint.answer = inTurn(page(0, 20, 'more'), page(1, 19));

    const minutes = await store().minutes(planOf(LOGIN), START);

    expect(minutes.map(({ probes }) => probes.login?.canary.n)).toEqual([20, 19]);
    expect(endpoint.bodies<{ NextToken?: string }>('GetMetricData').map(({ NextToken }) => NextToken)).toEqual([
      undefined,
      'more',
    ]);
  });

  test('more series than one call takes are asked for in several', async () => {
    now = START + 3 * MINUTE;
    const probes = Array.from({ length: 80 }, (_, i) => ({ ...LOGIN, id: `probe-${i}` }));
    endpoint.answer = cloudWatch({ 'Samples v2 probe-79 canary': [7] });

    const [minute] = await store().minutes(planOf(...probes), START);

    expect(minute?.probes).toEqual({ 'probe-79': { canary: arm(7), stable: arm(0), misrouted: 0 } });
    expect(endpoint.bodies<Query>('GetMetricData').map(({ MetricDataQueries }) => MetricDataQueries.length)).toEqual([
      500, 60,
    ]);
  });

  test('what CloudWatch could not read is an error and not silence', async () => {
    now = START + 3 * MINUTE;
    endpoint.answer = () => ({ body: { MetricDataResults: [{ Id: 's0', StatusCode: 'InternalError' }] } });

    await expect(store().minutes(planOf(LOGIN), START)).rejects.toThrow(
      'metric query s0: expected status Complete, got InternalError; it is read again with the next call',
    );
  });

  test('is tried again when it was refused for its rate', async () => {
    now = START + 3 * MINUTE;
    const answer = cloudWatch({ 'Samples v2 login canary': [20] });
    endpoint.answer = (call) => (endpoint.calls.length === 1 ? awsError('ThrottlingException') : answer(call));

    expect(await store().minutes(planOf(LOGIN), START)).toMatchObject([{ probes: { login: { canary: { n: 20 } } } }]);
    expect(endpoint.calls).toHaveLength(2);
  });
});

describe('real traffic', () => {
  const served = {
    'RequestCount app/b/1 targetgroup/g/2': [60, 61],
    'HTTPCode_Target_5XX_Count app/b/1 targetgroup/g/2': [3],
    'RequestCount app/b/1 targetgroup/h/3': [540, 539],
  };

  test('is what the balancer counted for each arm’s target group', async () => {
    now = START + 4 * MINUTE;
    endpoint.answer = cloudWatch(served);
    const asked: string[] = [];
    const traffic = async (release: string) => {
      asked.push(release);
      return GROUPS;
    };

    expect(await store({ traffic }).minutes(planOf(TRAFFIC), START)).toEqual([
      { minute: 1, probes: { traffic: { canary: arm(60, 3), stable: arm(540), misrouted: 0 } } },
      { minute: 2, probes: { traffic: { canary: arm(61), stable: arm(539), misrouted: 0 } } },
    ]);
    expect(asked).toEqual(['v2']);
  });

  test('errors that the balancer counted a minute after their requests do not outnumber them', async () => {
    now = START + 3 * MINUTE;
    endpoint.answer = cloudWatch({
      'RequestCount app/b/1 targetgroup/g/2': [2],
      'HTTPCode_Target_5XX_Count app/b/1 targetgroup/g/2': [5],
    });

    const [minute] = await store({ traffic: async () => GROUPS }).minutes(planOf(TRAFFIC), START);

    expect(minute?.probes.traffic?.canary).toEqual(arm(2, 2));
  });

  test('does not count where nobody knows the groups, and is not asked for where no probe wants it', async () => {
    now = START + 3 * MINUTE;
    endpoint.answer = cloudWatch(served);
    const unknown = store({ traffic: async () => undefined });
    const unasked = store({
      traffic: async () => {
        throw new Error('asked');
      },
    });

    expect(await unknown.minutes(planOf(LOGIN, TRAFFIC), START)).toEqual([{ minute: 1, probes: {} }]);
    expect(await unasked.minutes(planOf(LOGIN), START)).toEqual([{ minute: 1, probes: {} }]);
  });
});

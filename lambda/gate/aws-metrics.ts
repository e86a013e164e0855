import { setTimeout as delay } from 'node:timers/promises';
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricDataCommand,
  type MetricDataResult,
  PutMetricDataCommand,
  type PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { GATE_METRICS } from '../../lib/model/gate-metrics';
import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { TrafficGroups } from './aws-traffic';
import { dataOf, minutesOf, type Series, type Sums, seriesOf, type Window } from './metric-data';
import type { MetricsStore } from './ports';

export interface AwsMetricsOptions {
  readonly namespace: string;
  readonly minuteMs: number;
  readonly closeAfterMin: number;
  /** Which target groups carry a release's real traffic; undefined where nobody can say, and then it does not count. */
  traffic?(release: string): Promise<TrafficGroups | undefined>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Most data of one PutMetricData, and most queries of one GetMetricData. */
const MOST_DATA = 1_000;
const MOST_QUERIES = 500;

/** CloudWatch as the gate and the prober use it. What it is told is sent with retries of our own, see {@link putData}. */
export function awsMetrics(client: CloudWatchClientConfig, options: AwsMetricsOptions): MetricsStore {
  const { namespace, now } = options;
  const reader = new CloudWatchClient(client);
  const writer = new CloudWatchClient({ ...client, maxAttempts: 1 });
  const put = (data: PutMetricDataCommandInput['MetricData']) => putData(writer, namespace, data);
  return {
    publish: async (release, minuteStart, counts) => {
      const Timestamp = new Date(minuteStart);
      const data = dataOf(release, counts).map((datum) => ({ ...datum, Dimensions: [...datum.Dimensions], Timestamp }));
      for (const part of chunks(data, MOST_DATA)) await put(part);
    },
    minutes: (plan, startedAt) => readMinutes(reader, options, plan, startedAt),
    signal: (name, value) => put([{ MetricName: SIGNALS[name], Value: value, Timestamp: new Date(now()) }]),
  };
}

const SIGNALS = { ReleaseAbort: GATE_METRICS.abort, RollbackEvidence: GATE_METRICS.evidence };

const TRIES = 4;
const PAUSE_MS = 100;

/**
 * CloudWatch adds up what it is told, so a request that may have been taken is not sent again: a minute that is lost is a gap, which
 * holds a release; one counted twice would be evidence of samples that nobody took. What was refused for its rate is sent again.
 */
async function putData(
  cloudWatch: CloudWatchClient,
  Namespace: string,
  MetricData: PutMetricDataCommandInput['MetricData'],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
      return;
    } catch (error) {
      if (!isThrottling(error) || attempt === TRIES) throw error;
      await delay(PAUSE_MS * 2 ** attempt * Math.random());
    }
  }
}

/** Names by which AWS services refuse for the rate of requests. */
function isThrottling(error: unknown): boolean {
  return error instanceof Error && /throttl|toomanyrequests|requestlimitexceeded/i.test(error.name);
}

async function readMinutes(
  cloudWatch: CloudWatchClient,
  options: AwsMetricsOptions,
  plan: Plan,
  startedAt: number,
): Promise<readonly Minute[]> {
  const window = windowOf(options, startedAt);
  if (window.closed === 0) return [];
  const passive = plan.probes.some((probe) => probe.kind === 'rate' && probe.passive);
  const groups = passive ? await options.traffic?.(plan.release) : undefined;
  const series = seriesOf(plan, options.namespace, groups);
  const parts = chunks(series, MOST_QUERIES).map((part) => readSums(cloudWatch, part, window));
  return minutesOf(series, (await Promise.all(parts)).flat(), window);
}

/** From the first whole minute after the start to the last that closed. */
function windowOf({ minuteMs, closeAfterMin, now }: AwsMetricsOptions, startedAt: number): Window {
  const first = Math.ceil(startedAt / minuteMs) * minuteMs;
  return { first, minuteMs, closed: Math.max(0, Math.floor((now() - first) / minuteMs - closeAfterMin)) };
}

/** @returns the sums of each series, in the order of the series */
async function readSums(cloudWatch: CloudWatchClient, series: readonly Series[], window: Window): Promise<Sums[]> {
  const sums = series.map(() => new Map<number, number>());
  const query = queryOf(series, window);
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(new GetMetricDataCommand({ ...query, NextToken }));
    for (const result of page.MetricDataResults ?? []) keep(result, sums);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return sums;
}

function queryOf(series: readonly Series[], { first, closed, minuteMs }: Window) {
  return {
    StartTime: new Date(first),
    EndTime: new Date(first + closed * minuteMs),
    ScanBy: 'TimestampAscending' as const,
    MetricDataQueries: series.map(({ Namespace, MetricName, Dimensions, Stat = 'Sum' }, i) => ({
      Id: `s${i}`,
      MetricStat: {
        Metric: { Namespace, MetricName, Dimensions: [...Dimensions] },
        Period: Math.round(minuteMs / 1_000),
        Stat,
      },
    })),
  };
}

/** @throws Error if CloudWatch could not read a series: what it left out must not look like silence */
function keep(
  { Id = '', Timestamps = [], Values = [], StatusCode }: MetricDataResult,
  sums: Map<number, number>[],
): void {
  if (StatusCode !== 'Complete' && StatusCode !== 'PartialData')
    throw new Error(
      `metric query ${Id}: expected status Complete, got ${StatusCode}; it is read again with the next call`,
    );
  const own = sums[Number(Id.slice(1))];
  Timestamps.forEach((at, i) => {
    own?.set(at.getTime(), Values[i] ?? 0);
  });
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

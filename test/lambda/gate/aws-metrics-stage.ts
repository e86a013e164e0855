import { type AwsMetricsOptions, awsMetrics } from '../../../lambda/gate/aws-metrics';
import type { MetricsStore } from '../../../lambda/gate/ports';
import { DEFAULT_PLAN } from '../../../lib/model/gate-defaults';
import type { Plan, ProbeSpec } from '../../../lib/model/gate-plan';
import type { AwsAnswer, AwsCall, AwsEndpoint } from './aws-endpoint';

export const START = Date.parse('2026-11-21T10:00:00Z');
export const MINUTE = 60_000;
export const LOGIN = DEFAULT_PLAN.probes[0]!;

/** The shipped store, pointed at an endpoint. */
export function metricsAt(endpoint: AwsEndpoint, options: Partial<AwsMetricsOptions> = {}): MetricsStore {
  const defaults = { namespace: 'coach/prod/release', minuteMs: MINUTE, closeAfterMin: 1.5, now: () => START };
  return awsMetrics(endpoint.client, { ...defaults, ...options });
}

export function planOf(...probes: readonly ProbeSpec[]): Plan {
  return { ...DEFAULT_PLAN, release: 'v2', stable: 'v1', probes };
}

export interface Published {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Value: number;
    readonly Timestamp: number;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  }[];
}

export interface Query {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

/** Series by name and dimensions, minute by minute from {@link START} on; what is not told is silence. */
export type Told = Readonly<Record<string, readonly (number | undefined)[]>>;

function nameOf({ MetricStat: { Metric } }: Query['MetricDataQueries'][number]): string {
  return [Metric.MetricName, ...Metric.Dimensions.map(({ Value }) => Value)].join(' ');
}

export function cloudWatch(told: Told) {
  return ({ body }: AwsCall): AwsAnswer => {
    const { StartTime, EndTime, MetricDataQueries } = JSON.parse(body) as Query;
    const results = MetricDataQueries.map((query) => {
      const points = (told[nameOf(query)] ?? [])
        .map((value, i) => ({ value, at: START / 1_000 + 60 * i }))
        .filter(({ value, at }) => value !== undefined && at >= StartTime && at < EndTime);
      return {
        ...{ Id: query.Id, StatusCode: 'Complete', Label: '' },
        ...{ Timestamps: points.map(({ at }) => at), Values: points.map(({ value }) => value) },
      };
    });
    return { body: { MetricDataResults: results } };
  };
}

import { GATE_METRICS, METRIC_DIMENSIONS } from '../../lib/model/gate-metrics';
import type { Arm, ArmName, Minute, Plan, ProbeMinute, RateProbe } from '../../lib/model/gate-plan';
import type { TrafficGroups } from './aws-traffic';

/** A number with its name and dimensions, as CloudWatch keeps it. */
export interface Datum {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Value: number;
}

/** A metric to be read, and what its sum of a minute is added to. */
export interface Series {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: Datum['Dimensions'];
  /** @default Sum */
  readonly Stat?: string;
  readonly probe: string;
  readonly part: Part;
}

type Part = `${ArmName}.${keyof Arm}` | 'misrouted';

/** Sums of a series by minute, in milliseconds since the epoch. */
export type Sums = ReadonlyMap<number, number>;

const ARMS = ['canary', 'stable'] as const;

/** The counts of one minute as data: what is zero is left out, but for the breaches of an arm that has samples. */
export function dataOf(release: string, counts: Minute['probes']): readonly Datum[] {
  return Object.entries(counts).flatMap(([probe, { canary, stable, misrouted }]) => [
    ...armData(release, { probe, name: 'canary' }, canary),
    ...armData(release, { probe, name: 'stable' }, stable),
    ...(misrouted > 0 ? twice(GATE_METRICS.misrouted, misrouted, { release, probe }) : []),
  ]);
}

function armData(release: string, { probe, name }: { probe: string; name: ArmName }, arm: Arm): readonly Datum[] {
  const at = { release, probe, arm: name };
  return [
    ...(arm.n > 0 ? twice(GATE_METRICS.samples, arm.n, at) : []),
    ...(arm.n > 0 ? twice(GATE_METRICS.breaches, arm.breaches, at) : []),
    ...(arm.hard > 0 ? twice(GATE_METRICS.hard, arm.hard, at) : []),
  ];
}

/** For the gate with the release, for alarms without it. */
function twice(MetricName: string, Value: number, at: DimensionValues): readonly Datum[] {
  const { release: _, ...anyRelease } = at;
  return [at, anyRelease].map((values) => ({ MetricName, Value, Dimensions: dimensions(values) }));
}

interface DimensionValues {
  readonly release?: string;
  readonly probe: string;
  readonly arm?: ArmName;
}

function dimensions(values: DimensionValues): Datum['Dimensions'] {
  return Object.entries(values).map(([name, value]) => ({
    Name: METRIC_DIMENSIONS[name as keyof DimensionValues],
    Value: value,
  }));
}

/** Every metric that a plan's minutes are made of. Real traffic is read where the balancer's groups are known. */
export function seriesOf(plan: Plan, namespace: string, traffic: TrafficGroups | undefined): readonly Series[] {
  return plan.probes.flatMap((probe) => {
    if (probe.kind === 'rate' && probe.passive) return traffic ? trafficSeries(probe, traffic) : [];
    return probeSeries(plan.release, probe.id, namespace);
  });
}

const PARTS = [
  ['n', GATE_METRICS.samples],
  ['breaches', GATE_METRICS.breaches],
  ['hard', GATE_METRICS.hard],
] as const;

function probeSeries(release: string, probe: string, Namespace: string): readonly Series[] {
  const base = { Namespace, probe };
  const arms = ARMS.flatMap((arm) =>
    PARTS.map(([part, MetricName]) => {
      const Dimensions = dimensions({ release, probe, arm });
      return { ...base, MetricName, Dimensions, part: `${arm}.${part}` as const };
    }),
  );
  const misrouted = { MetricName: GATE_METRICS.misrouted, Dimensions: dimensions({ release, probe }) };
  return [...arms, { ...base, ...misrouted, part: 'misrouted' }];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
function trafficSeries({ id, slowerThanMs }: RateProbe, traffic: TrafficGroups): readonly Series[] {
  const breaches = slowerThanMs === undefined ? FAILED : slower(slowerThanMs);
  return ARMS.flatMap((arm) => {
    const Dimensions = [
      { Name: 'LoadBalancer', Value: traffic.balancer },
      { Name: 'TargetGroup', Value: traffic[arm] },
    ];
    const base = { Namespace: 'AWS/ApplicationELB', Dimensions, probe: id };
    return [
      { ...base, MetricName: 'RequestCount', part: `${arm}.n` as const },
      { ...base, ...breaches, part: `${arm}.breaches` as const },
    ];
  });
}

const FAILED = { MetricName: 'HTTPCode_Target_5XX_Count' };

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html trimmed count */
function slower(ms: number): Pick<Series, 'MetricName' | 'Stat'> {
  return { MetricName: 'TargetResponseTime', Stat: `TC(${ms / 1_000}:)` };
}

export interface Window {
  /** Start of minute 1, in milliseconds since the epoch. */
  readonly first: number;
  /** Minutes that have closed. */
  readonly closed: number;
  readonly minuteMs: number;
}

/** All closed minutes in order; one that nobody reported is there without probes. */
export function minutesOf(series: readonly Series[], sums: readonly Sums[], window: Window): Minute[] {
  return Array.from({ length: window.closed }, (_, i) => {
    const at = window.first + i * window.minuteMs;
    const told = series.flatMap(({ probe, part }, s) => {
      const value = sums[s]?.get(at);
      return value === undefined ? [] : [{ probe, part, value }];
    });
    return { minute: i + 1, probes: probesOf(told) };
  });
}

interface Told {
  readonly probe: string;
  readonly part: Part;
  readonly value: number;
}

function probesOf(told: readonly Told[]): Minute['probes'] {
  const ids = [...new Set(told.map(({ probe }) => probe))];
  return Object.fromEntries(ids.map((id) => [id, probeMinute(told.filter(({ probe }) => probe === id))]));
}

/** A balancer counts a request when it comes and its error when it is answered, maybe a minute later: no more errors than requests. */
function probeMinute(told: readonly Told[]): ProbeMinute {
  const of = (part: Part) => Math.round(told.find((one) => one.part === part)?.value ?? 0);
  const arm = (name: ArmName): Arm => {
    const n = of(`${name}.n`);
    return { n, breaches: Math.min(n, of(`${name}.breaches`)), hard: Math.min(n, of(`${name}.hard`)) };
  };
  return { canary: arm('canary'), stable: arm('stable'), misrouted: of('misrouted') };
}

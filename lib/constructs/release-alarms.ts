import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GATE_METRICS } from '../model/gate-metrics';
import { SECOND_OPINION } from '../model/second-opinion';

const PERIOD = Duration.minutes(1);

/** The two target groups of a service. They swap roles with every release, so nothing is ever watched on one of them alone. */
export interface Groups {
  /** `app/<name>/<id>` */
  readonly balancer: string;
  /** `targetgroup/<name>/<id>` of each. */
  readonly names: readonly string[];
}

interface ReleaseAlarmProps {
  readonly tell: ITopic;
  readonly name: string;
  readonly description: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly operator?: ComparisonOperator;
  readonly minutes?: number;
}

/**
 * An alarm that stands in deployments.
 *
 * It must be able to rest in OK: ECS ignores an alarm that is in ALARM when a deployment starts, for the whole of it.
 */
function releaseAlarm(scope: Construct, id: string, props: ReleaseAlarmProps): Alarm {
  const alarm = new Alarm(scope, id, {
    ...{ alarmName: props.name, alarmDescription: props.description, metric: props.metric, threshold: props.threshold },
    comparisonOperator: props.operator ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
    ...{ evaluationPeriods: props.minutes ?? 1, datapointsToAlarm: props.minutes ?? 1 },
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(props.tell));
  return alarm;
}

export interface SignalAlarmProps {
  readonly namespace: string;
  readonly name: string;
  readonly tell: ITopic;
}

/** The gate's brake: rolls every service back even where the gate may not stop a deployment. */
export function abortAlarm(scope: Construct, { namespace, name, tell }: SignalAlarmProps): Alarm {
  return releaseAlarm(scope, 'Abort', {
    ...{ name, tell, description: 'The gate takes a release back. Runbook: release-abort', threshold: 0 },
    metric: new Metric({ namespace, metricName: GATE_METRICS.abort, statistic: 'Maximum', period: PERIOD }),
  });
}

/** The evidence against a release has reached its limit, whatever became of the gate that saw it. */
export function evidenceAlarm(scope: Construct, { namespace, name, tell }: SignalAlarmProps): Alarm {
  return releaseAlarm(scope, 'Evidence', {
    ...{
      name,
      tell,
      description: 'The evidence against a release is at its limit. Runbook: rollback-evidence',
      threshold: 0,
    },
    operator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    metric: new Metric({ namespace, metricName: GATE_METRICS.evidence, statistic: 'Maximum', period: PERIOD }),
  });
}

export interface ServiceAlarmsProps {
  readonly names: { readonly errors: string; readonly latency: string };
  readonly groups: Groups;
  readonly tell: ITopic;
}

/** Gross trouble of a service by what the balancer counts: most of its answers fail, or nearly all are very late. */
export function serviceAlarms(scope: Construct, { names, groups, tell }: ServiceAlarmsProps): Alarm[] {
  const { minutes, errorShare, p95Seconds } = SECOND_OPINION;
  return [
    releaseAlarm(scope, 'Errors', {
      ...{ name: names.errors, tell, description: 'Most answers fail. Runbook: release-errors', minutes },
      ...{ metric: errorShareOf(groups), threshold: errorShare },
    }),
    releaseAlarm(scope, 'Latency', {
      ...{ name: names.latency, tell, description: 'Answers are very late. Runbook: release-latency', minutes },
      ...{ metric: p95Of(groups, SECOND_OPINION.leastRequests), threshold: p95Seconds },
    }),
  ];
}

/** Share of a service's answers that are 5xx, over both groups; 0 while there are too few to say. */
export function errorShareOf(groups: Groups): MathExpression {
  const { leastRequests } = SECOND_OPINION;
  return new MathExpression({
    expression: `IF(FILL(ra,0)+FILL(rb,0)>=${leastRequests},(FILL(ea,0)+FILL(eb,0))/(FILL(ra,0)+FILL(rb,0)),0)`,
    usingMetrics: {
      ...both(groups, 'HTTPCode_Target_5XX_Count', 'Sum', 'e'),
      ...both(groups, 'RequestCount', 'Sum', 'r'),
    },
    ...{ period: PERIOD, label: '5xx share' },
  });
}

/** The slower group's p95 in seconds; 0 while there are fewer requests than `least`. */
export function p95Of(groups: Groups, least = 1): MathExpression {
  return new MathExpression({
    expression: `IF(FILL(ra,0)+FILL(rb,0)>=${least},MAX([FILL(la,0),FILL(lb,0)]),0)`,
    usingMetrics: {
      ...both(groups, 'TargetResponseTime', 'p95', 'l'),
      ...both(groups, 'RequestCount', 'Sum', 'r'),
    },
    ...{ period: PERIOD, label: 'p95 s' },
  });
}

/** A metric of each group, as `<letter>a` and `<letter>b`; a service that is not released by canary has one group only. */
export function both(groups: Groups, metricName: string, statistic: string, letter: string): Record<string, Metric> {
  const [a = '', b = a] = groups.names;
  return { [`${letter}a`]: of(groups, a, metricName, statistic), [`${letter}b`]: of(groups, b, metricName, statistic) };
}

function of({ balancer: LoadBalancer }: Groups, TargetGroup: string, metricName: string, statistic: string): Metric {
  const dimensionsMap = { LoadBalancer, TargetGroup };
  return new Metric({ namespace: 'AWS/ApplicationELB', metricName, dimensionsMap, statistic, period: PERIOD });
}

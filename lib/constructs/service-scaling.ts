import { Duration, TimeZone } from 'aws-cdk-lib';
import {
  AdjustmentType,
  CfnScalingPolicy,
  MetricAggregationType,
  PredefinedMetric,
  ScalableTarget,
  Schedule,
  ServiceNamespace,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { type CfnAlarm, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { OfficeHours } from '../model/tiers';

export interface ServiceScalingProps {
  readonly cluster: string;
  readonly service: string;
  readonly minCount: number;
  readonly maxCount: number;
  /** @default - never stopped */
  readonly hours?: OfficeHours;
}

/** A metric to keep at a level: one term of an expression for each name. */
export interface TrackedLevel {
  readonly expression: string;
  readonly terms: Readonly<Record<string, CfnScalingPolicy.TargetTrackingMetricStatProperty>>;
  readonly target: number;
  readonly inSeconds?: number;
}

const OUT = Duration.seconds(60);
const IN = Duration.seconds(300);

/**
 * How many tasks of a service run.
 *
 * In a stack of its own: what follows a service in its stack can fail after a release and send it back through a whole canary.
 */
export class ServiceScaling extends Construct {
  private readonly target: ScalableTarget;

  constructor(scope: Construct, id: string, { cluster, service, minCount, maxCount, hours }: ServiceScalingProps) {
    super(scope, id);
    this.target = new ScalableTarget(this, 'Target', {
      ...{ serviceNamespace: ServiceNamespace.ECS, scalableDimension: 'ecs:service:DesiredCount' },
      ...{ resourceId: `service/${cluster}/${service}`, minCapacity: minCount, maxCapacity: maxCount },
    });
    if (hours) this.keepHours(hours, minCount, maxCount);
  }

  onCpu(percent: number): void {
    this.target.scaleToTrackMetric('Cpu', {
      ...{ predefinedMetric: PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION, targetValue: percent },
      ...{ scaleOutCooldown: OUT, scaleInCooldown: IN },
    });
  }

  onMetric(id: string, metric: IMetric, target: number): void {
    this.target.scaleToTrackMetric(id, {
      ...{ customMetric: metric, targetValue: target, scaleOutCooldown: OUT, scaleInCooldown: IN },
    });
  }

  /** What does not fall in proportion to tasks is stepped out on, never tracked; coming in is another metric's matter. */
  onSteps(id: string, metric: IMetric, steps: readonly { readonly above: number; readonly add: number }[]): void {
    const [first] = steps;
    const { upperAlarm } = this.target.scaleOnMetric(id, {
      metric,
      scalingSteps: [
        { upper: first?.above, change: 0 },
        ...steps.map(({ above, add }, i) => ({ lower: above, upper: steps[i + 1]?.above, change: add })),
      ],
      ...{ adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY, cooldown: OUT, evaluationPeriods: 3 },
      metricAggregationType: MetricAggregationType.MAXIMUM,
    });
    const alarm = upperAlarm?.node.defaultChild as CfnAlarm;
    alarm.alarmDescription = 'More tasks are started. Runbook: service-latency';
    alarm.treatMissingData = TreatMissingData.NOT_BREACHING;
  }

  /** The construct takes single metrics only. */
  onExpression(id: string, { expression, terms, target, inSeconds }: TrackedLevel): void {
    const stats = Object.entries(terms).map(([term, metricStat]) => ({ id: term, metricStat, returnData: false }));
    new CfnScalingPolicy(this, id, {
      ...{ policyName: `${this.node.id}-${id}`, policyType: 'TargetTrackingScaling' },
      scalingTargetId: this.target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        ...{ targetValue: target, scaleOutCooldown: OUT.toSeconds(), scaleInCooldown: inSeconds ?? IN.toSeconds() },
        customizedMetricSpecification: { metrics: [...stats, { id: 'level', expression, returnData: true }] },
      },
    });
  }

  private keepHours({ from, to, weekDays, timeZone }: OfficeHours, minCapacity: number, maxCapacity: number): void {
    const at = (hour: number) => Schedule.cron({ minute: '0', hour: String(hour), weekDay: weekDays });
    const zone = { timeZone: TimeZone.of(timeZone) };
    this.target.scaleOnSchedule('Morning', { schedule: at(from), minCapacity, maxCapacity, ...zone });
    this.target.scaleOnSchedule('Evening', { schedule: at(to), minCapacity: 0, maxCapacity: 0, ...zone });
  }
}

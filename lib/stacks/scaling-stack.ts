import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DatabaseHours } from '../constructs/database-hours';
import { type Groups, p95Of } from '../constructs/release-alarms';
import { ServiceScaling } from '../constructs/service-scaling';
import { physicalName, serviceNamespace } from '../model/names';
import { SCALING } from '../model/scaling';
import type { ScalesOn, Service, SystemModel } from '../model/system';

export interface ScalingStackProps extends StackProps {
  readonly model: SystemModel;
  /** Target groups of each web service. */
  readonly groups: ReadonlyMap<string, Groups>;
}

type Policy = (scaling: ServiceScaling, service: Service) => void;
type Stat = CfnScalingPolicy.TargetTrackingMetricStatProperty;

/** How many tasks run, and when. */
export class ScalingStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ScalingStackProps,
  ) {
    super(scope, id, props);
    const { model } = props;
    for (const service of Object.values(model.services)) this.scale(service);
    const { hours } = model.tier;
    if (!hours) return;
    for (const [name, { kind }] of Object.entries(model.stores))
      if (kind === 'postgres') new DatabaseHours(this, name, { identifier: physicalName(model, name), hours });
  }

  private scale(service: Service): void {
    const { model } = this.props;
    const { minCount, maxCount } = service.size;
    const scaling = new ServiceScaling(this, service.name, {
      ...{ cluster: physicalName(model), service: service.name, minCount, maxCount, hours: model.tier.hours },
    });
    scaling.onCpu(SCALING.cpuPercent[service.scalesOn]);
    this.policies[service.scalesOn](scaling, service);
  }

  private readonly policies: Readonly<Record<ScalesOn, Policy>> = {
    connections: (scaling, { name: Service, size }) => {
      const metric = new Metric({
        ...{ namespace: serviceNamespace(this.props.model), metricName: 'open_connections', statistic: 'Average' },
        ...{ dimensionsMap: { Service }, period: Duration.minutes(1) },
      });
      scaling.onMetric('Connections', metric, (SCALING.connectionsPerHalfCpu * size.cpu) / 512);
    },
    latency: (scaling, { name }) => scaling.onSteps('Latency', p95Of(this.groupsOf(name)), SCALING.latencySteps),
    requests: (scaling, service) => this.perTask(scaling, service, this.requests(service)),
    backlog: (scaling, service) => this.perTask(scaling, service, this.backlog(service)),
  };

  /** Tasks are counted by Container Insights; where it is off, CPU alone decides. */
  private perTask(scaling: ServiceScaling, { name }: Service, { sum, terms, target }: Load): void {
    const { model } = this.props;
    if (!model.tier.containerInsights) return;
    const tasks = statOf('ECS/ContainerInsights', 'RunningTaskCount', 'Average', {
      ...{ ClusterName: physicalName(model), ServiceName: name },
    });
    scaling.onExpression('Load', { expression: `(${sum})/FILL(tasks,1)`, terms: { ...terms, tasks }, target });
  }

  private requests({ name }: Service): Load {
    const { balancer: LoadBalancer, names } = this.groupsOf(name);
    const terms = names.map((TargetGroup, i) => [
      `r${i}`,
      statOf('AWS/ApplicationELB', 'RequestCount', 'Sum', { LoadBalancer, TargetGroup }),
    ]);
    const sum = names.map((_, i) => `FILL(r${i},0)`).join('+');
    return { sum, terms: Object.fromEntries(terms), target: SCALING.requestsPerMinute };
  }

  private backlog({ queues }: Service): Load {
    const namespace = serviceNamespace(this.props.model);
    const terms = queues.map((Queue, i) => [`q${i}`, statOf(namespace, 'queue_depth', 'Average', { Queue })]);
    const sum = queues.map((_, i) => `q${i}`).join('+');
    return { sum, terms: Object.fromEntries(terms), target: SCALING.backlogPerTask };
  }

  private groupsOf(service: string): Groups {
    return this.props.groups.get(service)!;
  }
}

/** What is divided by the number of tasks. */
interface Load {
  readonly sum: string;
  readonly terms: Readonly<Record<string, Stat>>;
  readonly target: number;
}

function statOf(namespace: string, metricName: string, stat: string, by: Readonly<Record<string, string>>): Stat {
  const dimensions = Object.entries(by).map(([name, value]) => ({ name, value }));
  return { metric: { namespace, metricName, dimensions }, stat };
}

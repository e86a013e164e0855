import { Stack, type StackProps } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { DeploymentNotices } from '../constructs/deployment-notices';
import { errorShareOf, type Groups, p95Of } from '../constructs/release-alarms';
import { ReleaseDashboard } from '../constructs/release-dashboard';
import { Spending } from '../constructs/spending';
import { Alarms, FIVE_MINUTES, MINUTE } from '../constructs/watch-alarm';
import { GATE_METRICS, METRIC_DIMENSIONS } from '../model/gate-metrics';
import { metricNamespace, physicalName, serviceNamespace } from '../model/names';
import type { ProbeConfig, Service, SystemModel } from '../model/system';
import { WATCH } from '../model/watch';
import { probeShare, watchStores } from './watched-stores';

export interface ObservabilityStackProps extends StackProps {
  readonly model: SystemModel;
  readonly notices: ITopic;
  readonly groups: ReadonlyMap<string, Groups>;
}

/** What people look at, and what wakes them. */
export class ObservabilityStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ObservabilityStackProps,
  ) {
    super(scope, id, props);
    const { model, groups } = props;
    const { notices } = props;
    const alarms = new Alarms(this, physicalName(model), notices);
    for (const service of Object.values(model.services)) this.watchService(alarms, service);
    watchStores(this, alarms, model);
    if (model.rollout.kind === 'canary') {
      for (const probe of model.probes) this.watchProbe(alarms, probe);
      this.watchFunctions(alarms);
    }
    new DeploymentNotices(this, 'Deployments', { cluster: physicalName(model), notices });
    new Spending(this, 'Spending', {
      ...{ name: physicalName(model), limitUsd: model.tier.monthlyBudgetUsd, topicArn: notices.topicArn },
      tags: { system: model.name, environment: model.env },
    });
    new ReleaseDashboard(this, 'Dashboard', {
      ...{ name: physicalName(model), cluster: physicalName(model), releases: metricNamespace(model) },
      ...{ groups, services: Object.keys(model.services), alarms: alarms.all },
      probes:
        model.rollout.kind === 'canary' ? model.probes.flatMap(({ id, kind }) => (kind === 'traffic' ? [] : [id])) : [],
    });
  }

  private watchService(alarms: Alarms, service: Service): void {
    const { name, role, queues } = service;
    const groups = this.props.groups.get(name);
    if (role === 'front' && groups) this.watchFront(alarms, name, groups);
    if (role === 'inner' && groups)
      alarms.add(`${name}-latency`, {
        ...{
          section: 'service-latency',
          says: `${name} answers late`,
          metric: p95Of(groups, 20),
          above: WATCH.innerP95Seconds,
        },
      });
    for (const queue of queues) this.watchQueue(alarms, queue);
  }

  private watchFront(alarms: Alarms, name: string, groups: Groups): void {
    alarms.add(`${name}-errors`, {
      ...{ section: 'front-errors', says: 'Users get errors', metric: errorShareOf(groups), above: WATCH.errorShare },
    });
    alarms.add('delivery-lag', {
      ...{ section: 'delivery-lag', says: 'Events reach users late', above: WATCH.deliveryLagMs },
      metric: this.ofServices('event_delivery_lag_ms', 'p95', { Service: this.dispatcher(name) }),
    });
  }

  /** Events are dispatched by the service that the front calls. */
  private dispatcher(front: string): string {
    return this.props.model.services[front]?.calls[0] ?? front;
  }

  /** Two alarms: too many jobs, and nobody who counts them, which would freeze scaling. */
  private watchQueue(alarms: Alarms, queue: string): void {
    const depth = this.ofServices('queue_depth', 'Average', { Queue: queue });
    alarms.add(`queue-${queue}`, {
      ...{
        section: 'queue-depth',
        says: `Jobs pile up on ${queue}`,
        metric: depth,
        above: WATCH.queueDepth,
        periods: 5,
      },
    });
    if (this.props.model.tier.hours) return; // whoever sleeps at night is silent then
    const counted = this.ofServices('queue_depth', 'SampleCount', { Queue: queue });
    alarms.add(`queue-${queue}-silent`, {
      ...{
        section: 'queue-silent',
        says: `Nobody counts the jobs on ${queue}`,
        metric: counted,
        above: 1,
        below: true,
      },
      ...{ periods: 5, silenceBreaches: true },
    });
  }

  /** Each objective, on whichever release is the canary. */
  private watchProbe(alarms: Alarms, probe: ProbeConfig): void {
    if (probe.kind === 'traffic') return; // real users' requests are counted by the balancer
    const namespace = metricNamespace(this.props.model);
    const above = probe.kind === 'fixture' ? 0 : probe.objective.mustCatch;
    alarms.add(`slo-${probe.id}`, {
      ...{ section: 'slo-breach', says: `The canary breaks the objective ${probe.id}`, above, periods: 5 },
      metric: probeShare(namespace, { [METRIC_DIMENSIONS.probe]: probe.id, [METRIC_DIMENSIONS.arm]: 'canary' }),
    });
  }

  /** The gate and the prober themselves: a release waits, and then goes back, when they fail. */
  private watchFunctions(alarms: Alarms): void {
    for (const part of ['gate', 'prober'] as const) {
      const dimensionsMap = { FunctionName: physicalName(this.props.model, part) };
      for (const metricName of ['Errors', 'Throttles'])
        alarms.add(`${part}-${metricName.toLowerCase()}`, {
          ...{ section: 'gate-trouble', says: `${metricName} of the ${part}`, above: 0, periods: 2 },
          metric: new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic: 'Sum', period: MINUTE }),
        });
    }
    alarms.add('misrouted', {
      ...{ section: 'misrouted', says: 'Probes reach a release that nobody knows', above: 0, periods: 3 },
      metric: this.misrouted(),
    });
  }

  private misrouted(): MathExpression {
    const namespace = metricNamespace(this.props.model);
    const metrics = this.props.model.probes.map(({ id }, i) => {
      const dimensionsMap = { [METRIC_DIMENSIONS.probe]: id };
      const metric = { namespace, metricName: GATE_METRICS.misrouted, statistic: 'Sum', dimensionsMap };
      return [`m${i}`, new Metric({ ...metric, period: FIVE_MINUTES })] as const;
    });
    const expression = metrics.map(([term]) => `FILL(${term},0)`).join('+');
    return new MathExpression({ expression, usingMetrics: Object.fromEntries(metrics), period: FIVE_MINUTES });
  }

  private ofServices(metricName: string, statistic: string, dimensionsMap: Record<string, string>): Metric {
    const namespace = serviceNamespace(this.props.model);
    return new Metric({ namespace, metricName, statistic, dimensionsMap, period: MINUTE });
  }
}

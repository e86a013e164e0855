import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { GATE_METRICS, METRIC_DIMENSIONS } from '../model/gate-metrics';
import { both, errorShareOf, type Groups, p95Of } from './release-alarms';

export interface ReleaseDashboardProps {
  readonly name: string;
  readonly cluster: string;
  /** Web services, the front first, with their target groups. */
  readonly groups: ReadonlyMap<string, Groups>;
  readonly services: readonly string[];
  /** Ids of the probes; none where nothing is released by canary. */
  readonly probes: readonly string[];
  readonly releases: string;
  readonly alarms: readonly Alarm[];
}

const PERIOD = Duration.minutes(1);
const ARMS = ['canary', 'stable'] as const;

/** One page for a system: is anything wrong, what do users get, and how does the canary compare. */
export class ReleaseDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleaseDashboardProps,
  ) {
    super(scope, id);
    const { name, alarms, groups, probes, services } = props;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: name, defaultInterval: Duration.hours(3) });
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 }));
    dashboard.addWidgets(heading('What users and services get'));
    for (const [service, of] of groups) dashboard.addWidgets(...this.signals(service, of));
    dashboard.addWidgets(heading('How full the services are'));
    dashboard.addWidgets(
      this.graph(
        'CPU %',
        services.map((service) => this.cpu(service)),
        24,
      ),
    );
    if (probes.length === 0) return;
    dashboard.addWidgets(heading('The release: both arms, each minute'));
    dashboard.addWidgets(this.evidence());
    dashboard.addWidgets(...probes.map((probe) => this.arms(probe)));
  }

  /** Traffic, errors, latency. */
  private signals(service: string, groups: Groups): readonly IWidget[] {
    const requests = new MathExpression({
      ...{ expression: 'FILL(ra,0)+FILL(rb,0)', usingMetrics: both(groups, 'RequestCount', 'Sum', 'r') },
      ...{ period: PERIOD, label: 'requests' },
    });
    return [
      this.graph(`${service}: requests a minute`, [requests]),
      this.graph(`${service}: share of 5xx`, [errorShareOf(groups)]),
      this.graph(`${service}: p95, seconds`, [p95Of(groups)]),
    ];
  }

  private cpu(ServiceName: string): Metric {
    const dimensionsMap = { ClusterName: this.props.cluster, ServiceName };
    return new Metric({
      ...{ namespace: 'AWS/ECS', metricName: 'CPUUtilization', dimensionsMap, period: PERIOD, label: ServiceName },
    });
  }

  private evidence(): IWidget {
    const of = (metricName: string) =>
      new Metric({ namespace: this.props.releases, metricName, statistic: 'Maximum', period: PERIOD });
    const metrics = [of(GATE_METRICS.evidence), of(GATE_METRICS.abort)];
    return this.graph('Evidence over its limit (at 0 the release is guilty), and the brake', metrics, 24);
  }

  private arms(probe: string): IWidget {
    const of = (metricName: string, arm: string) => {
      const dimensionsMap = { [METRIC_DIMENSIONS.probe]: probe, [METRIC_DIMENSIONS.arm]: arm };
      const { releases: namespace } = this.props;
      return new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period: PERIOD });
    };
    const shares = ARMS.map(
      (arm, i) =>
        new MathExpression({
          expression: `IF(FILL(s${i},0)>0,FILL(b${i},0)/FILL(s${i},1),0)`,
          usingMetrics: { [`s${i}`]: of(GATE_METRICS.samples, arm), [`b${i}`]: of(GATE_METRICS.breaches, arm) },
          ...{ period: PERIOD, label: arm },
        }),
    );
    return this.graph(`${probe}: share of breaches`, shares);
  }

  private graph(title: string, left: readonly IMetric[], width = 8): IWidget {
    return new GraphWidget({ title, left: [...left], width, height: 6 });
  }
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `## ${text}`, width: 24, height: 1 });
}

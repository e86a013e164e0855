import { Duration } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListenerRule,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IApplicationListener,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { RELEASE_HEADER } from '../model/release';
import type { Groups } from './release-alarms';

export interface EntranceProps {
  readonly vpc: IVpc;
  readonly port: number;
  /** `app/<name>/<id>` */
  readonly balancer: string;
  readonly production: IApplicationListener;
  /** Listener of the test rule, and the header values that open it. @default - no test rule, and one target group */
  readonly test?: { readonly listener: IApplicationListener; readonly header: string };
}

const TEST_PRIORITY = 10;
const PRODUCTION_PRIORITY = 100;

/**
 * How a service is reached through the balancer: two target groups, and over both of them a production and a test rule.
 *
 * Nothing about the rules may change once they are deployed. From then on ECS owns their weights, and a rule that is written again
 * puts two releases into one group without a sound. @see docs/adr/0004-ecs-native-canary-held-by-one-gate.md
 */
export class Entrance extends Construct {
  readonly blue: ApplicationTargetGroup;
  readonly green?: ApplicationTargetGroup;
  readonly productionRule: ApplicationListenerRule;
  readonly testRule?: ApplicationListenerRule;
  /** The groups as metrics name them. */
  readonly groups: Groups;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EntranceProps,
  ) {
    super(scope, id);
    const { balancer, production, test } = props;
    this.blue = this.group('GroupA');
    this.green = test && this.group('GroupB');
    if (test) {
      const header = ListenerCondition.httpHeader(RELEASE_HEADER, [test.header]);
      this.testRule = this.rule('TestRule', test.listener, { priority: TEST_PRIORITY, condition: header });
    }
    const everything = ListenerCondition.pathPatterns(['/*']);
    this.productionRule = this.rule('ProductionRule', production, {
      priority: PRODUCTION_PRIORITY,
      condition: everything,
    });
    this.groups = { balancer, names: this.all.map((group) => group.targetGroupFullName) };
  }

  private get all(): readonly ApplicationTargetGroup[] {
    return this.green ? [this.blue, this.green] : [this.blue];
  }

  private group(id: string): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, id, {
      ...{ vpc: this.props.vpc, port: this.props.port, protocol: ApplicationProtocol.HTTP, targetType: TargetType.IP },
      deregistrationDelay: Duration.seconds(120),
      healthCheck: {
        ...{ path: '/readyz', healthyHttpCodes: '200', healthyThresholdCount: 2, unhealthyThresholdCount: 3 },
        ...{ interval: Duration.seconds(10), timeout: Duration.seconds(5) },
      },
    });
  }

  private rule(
    id: string,
    listener: IApplicationListener,
    { priority, condition }: { readonly priority: number; readonly condition: ListenerCondition },
  ): ApplicationListenerRule {
    const weighted = this.all.map((targetGroup, i) => ({ targetGroup, weight: i === 0 ? 1 : 0 }));
    return new ApplicationListenerRule(this, id, {
      ...{ listener, priority, conditions: [condition], action: ListenerAction.weightedForward(weighted) },
    });
  }
}

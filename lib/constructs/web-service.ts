import { Duration, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  AlternateTarget,
  AvailabilityZoneRebalancing,
  type CapacityProviderStrategy,
  type CfnService,
  DeploymentStrategy,
  FargateService,
  type FargateServiceProps,
  type FargateTaskDefinition,
  type ICluster,
  ListenerRuleConfiguration,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from './acknowledge';
import type { Entrance } from './entrance';
import { GateHook } from './gate-hook';
import { serviceAlarms } from './release-alarms';

export interface WebServiceProps {
  /** Its name in the model, in ECS, and of its container. */
  readonly name: string;
  readonly port: number;
  readonly cluster: ICluster;
  readonly group: ISecurityGroup;
  readonly definition: FargateTaskDefinition;
  readonly entrance: Entrance;
  readonly capacity: readonly CapacityProviderStrategy[];
  /** @default - all at once, with a circuit breaker */
  readonly release?: GatedRelease;
}

/** How the gate lets a new revision in. */
export interface GatedRelease {
  readonly lane: 'front' | 'inner';
  /** Of the users, while it is judged; the front's alone. */
  readonly percent: number;
  readonly bake: Duration;
  /** How long the old revision stays ready after promotion. */
  readonly finalBake: Duration;
  readonly hook: { readonly functionArn: string; readonly role: IRole; readonly timeout: Duration };
  /** Who hears of its own alarms. */
  readonly tell: ITopic;
  /** Names of alarms that every service of the release shares, and of its own two. */
  readonly sharedAlarms: readonly string[];
  readonly ownAlarms: { readonly errors: string; readonly latency: string };
}

const MOVES_WEIGHTS: Accepted = {
  ids: [
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]',
  ],
  why: "AWS's own policy by which ECS moves the weights of the listener rules.",
  instead: 'trust is limited to ECS; the rules are frozen in code and a change set that touches one is refused.',
  again: 'when ECS documents the exact rights.',
};
const GRACE = Duration.seconds(90);

/** A service behind the balancer. With a gate, the front takes its share by ECS's canary and the inner ones wait at 0 % for the verdict. */
export class WebService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const { release, entrance } = props;
    const alarms = release
      ? serviceAlarms(this, { names: release.ownAlarms, groups: entrance.groups, tell: release.tell })
      : [];
    this.service = new FargateService(this, 'Service', { ...common(props), ...(release && gated(release)) });
    this.service.node.addDependency(...alarms);
    const target = { containerName: props.name, containerPort: props.port };
    this.service
      .loadBalancerTarget({ ...target, alternateTarget: alternate(entrance) })
      .attachToApplicationTargetGroup(entrance.blue);
    this.service.node.addDependency(entrance.productionRule);
    if (release) this.describeHook(props.name, release);
    acknowledge(this.service, MOVES_WEIGHTS);
  }

  /** What the construct of aws-cdk-lib 2.276 cannot say. Without a time-out ECS waits for a day. */
  private describeHook(service: string, { lane, hook }: GatedRelease): void {
    const cfn = this.service.node.defaultChild as CfnService;
    const path = 'DeploymentConfiguration.LifecycleHooks.0';
    cfn.addPropertyOverride(`${path}.HookDetails`, Stack.of(this).toJsonString({ service, lane }));
    const timeout = { TimeoutInMinutes: hook.timeout.toMinutes(), Action: 'ROLLBACK' };
    cfn.addPropertyOverride(`${path}.TimeoutConfiguration`, timeout);
  }
}

/** No desired count: what scaling has set must outlive a release. */
function common({ name, cluster, group, definition, capacity }: WebServiceProps): FargateServiceProps {
  return {
    ...{ cluster, serviceName: name, taskDefinition: definition, securityGroups: [group], assignPublicIp: false },
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ...{ capacityProviderStrategies: [...capacity], healthCheckGracePeriod: GRACE },
    ...{ minHealthyPercent: 100, maxHealthyPercent: 200, circuitBreaker: { rollback: true } },
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
    enableExecuteCommand: false,
  };
}

/** Every alarm here: those that are enabled later are dropped without a word. */
function gated({ lane, percent, bake, finalBake, ...release }: GatedRelease): Partial<FargateServiceProps> {
  const { sharedAlarms, ownAlarms, hook } = release;
  return {
    ...(lane === 'front'
      ? {
          ...{ deploymentStrategy: DeploymentStrategy.CANARY, bakeTime: finalBake },
          canaryConfiguration: { stepPercent: percent, stepBakeTime: bake },
        }
      : { deploymentStrategy: DeploymentStrategy.BLUE_GREEN, bakeTime: finalBake }),
    deploymentAlarms: {
      alarmNames: [...sharedAlarms, ownAlarms.errors, ownAlarms.latency],
      behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
    },
    lifecycleHooks: [new GateHook(hook.functionArn, hook.role)],
  };
}

function alternate({ green, productionRule, testRule }: Entrance): AlternateTarget | undefined {
  if (!green || !testRule) return undefined;
  return new AlternateTarget('Alternate', {
    alternateTargetGroup: green,
    productionListener: ListenerRuleConfiguration.applicationListenerRule(productionRule),
    testListener: ListenerRuleConfiguration.applicationListenerRule(testRule),
  });
}

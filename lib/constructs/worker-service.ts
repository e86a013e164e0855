import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  AvailabilityZoneRebalancing,
  type CapacityProviderStrategy,
  FargateService,
  type FargateTaskDefinition,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';

export interface WorkerServiceProps {
  /** Its name in ECS. */
  readonly name: string;
  readonly cluster: ICluster;
  readonly group: ISecurityGroup;
  readonly definition: FargateTaskDefinition;
  readonly capacity: readonly CapacityProviderStrategy[];
  /** Names of alarms that take a roll-out back. */
  readonly alarms: readonly string[];
  /** 0 for the canary's workers, whom the gate counts. @default - what scaling has set */
  readonly desiredCount?: number;
}

/** Takes jobs from queues. Nobody connects to it, so no traffic is shifted: it rolls, and is taken back if it does not come up. */
export class WorkerService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const { name, cluster, group, definition, capacity, alarms, desiredCount } = props;
    this.service = new FargateService(this, 'Service', {
      ...{ cluster, serviceName: name, taskDefinition: definition, securityGroups: [group], assignPublicIp: false },
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ...{ capacityProviderStrategies: [...capacity], desiredCount, enableExecuteCommand: false },
      ...{ minHealthyPercent: 100, maxHealthyPercent: 200, circuitBreaker: { rollback: true } },
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      deploymentAlarms:
        alarms.length > 0 ? { alarmNames: [...alarms], behavior: AlarmBehavior.ROLLBACK_ON_ALARM } : undefined,
    });
  }
}

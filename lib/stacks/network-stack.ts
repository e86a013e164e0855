import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { type Accepted, acknowledge } from '../constructs/acknowledge';
import { Balancer } from '../constructs/balancer';
import { LogBucket } from '../constructs/log-bucket';
import { Network } from '../constructs/network';
import { PrivateNames } from '../constructs/private-names';
import { Reachability } from '../constructs/reachability';
import { internalZone, webServices } from '../model/listeners';
import { globalName, physicalName } from '../model/names';
import { BALANCER, entrances, TASKS, waysOf } from '../model/reach';
import type { SystemModel } from '../model/system';

export interface NetworkStackProps extends StackProps {
  readonly model: SystemModel;
}

const NOT_COUNTED: Accepted = {
  ids: ['AwsSolutions-ECS4'],
  why: 'Its metrics cost more than the tasks they would count.',
  instead: "the balancer's, the services' own and ECS's free metrics; it is on where users are.",
  again: 'when staging rehearses production.',
};

/** What stands still: subnets, the way in, names, who may reach whom. Changes yearly. */
export class NetworkStack extends Stack {
  readonly network: Network;
  readonly reach: Reachability;
  readonly balancer: Balancer;
  readonly cluster: Cluster;
  readonly names: PrivateHostedZone;
  readonly logs: LogBucket;

  constructor(scope: Construct, id: string, { model, ...props }: NetworkStackProps) {
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    const { tier } = model;
    this.logs = new LogBucket(this, 'Logs', {
      ...{ name: globalName(model, 'logs'), retain: tier.retain, keepDays: tier.logDays },
    });
    const logs = this.logs.bucket;
    this.network = new Network(this, 'Network', { egress: tier.egress, logs, logEveryFlow: tier.retain });
    const { vpc } = this.network;
    this.reach = new Reachability(this, 'Reach', { vpc, ways: waysOf(model) });
    this.balancer = new Balancer(this, 'Balancer', {
      ...{ vpc, logs, protect: tier.retain, certificate: this.certificate(model) },
      group: this.reach.of(this, BALANCER),
      ports: entrances(model),
    });
    this.names = new PrivateNames(this, 'Names', {
      ...{ vpc, zoneName: internalZone(model), balancer: this.balancer.balancer },
      hosts: webServices(model).map(({ internalName }) => internalName),
    }).zone;
    this.cluster = new Cluster(this, 'Cluster', {
      ...{ vpc, clusterName: physicalName(model), enableFargateCapacityProviders: true },
      containerInsightsV2: tier.containerInsights ? ContainerInsights.ENHANCED : ContainerInsights.DISABLED,
    });
    if (!tier.containerInsights) acknowledge(this.cluster, NOT_COUNTED);
    this.tellWhereTasksRun();
  }

  /** What a person or the pipeline must name to start a one-off task. */
  private tellWhereTasksRun(): void {
    const { subnetIds } = this.network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    new CfnOutput(this, 'TaskSubnets', { value: subnetIds.join(',') });
    new CfnOutput(this, 'TaskGroup', { value: this.reach.of(this, TASKS).securityGroupId });
  }

  /** Named here, so that synth asks AWS for nothing and moves no subnet when a zone is added. */
  override get availabilityZones(): string[] {
    return [`${this.region}a`, `${this.region}b`];
  }

  /** For the viewer's host, which the CDN passes on, and for the private names. */
  private certificate({ domain, hostedZone }: SystemModel): Certificate {
    const zone = HostedZone.fromHostedZoneAttributes(this, 'PublicZone', {
      ...{ hostedZoneId: hostedZone.id, zoneName: hostedZone.name },
    });
    return new Certificate(this, 'Certificate', {
      domainName: domain,
      subjectAlternativeNames: [`*.${internalZone({ domain })}`],
      validation: CertificateValidation.fromDns(zone),
    });
  }
}

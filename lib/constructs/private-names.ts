import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, PrivateHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

export interface PrivateNamesProps {
  readonly vpc: IVpc;
  readonly zoneName: string;
  readonly balancer: IApplicationLoadBalancer;
  /** First labels, e.g. `api`. All lead to the balancer; the port says which service is meant. */
  readonly hosts: readonly string[];
}

/** The names by which services call each other, known only inside the VPC. */
export class PrivateNames extends Construct {
  readonly zone: PrivateHostedZone;

  constructor(scope: Construct, id: string, { vpc, zoneName, balancer, hosts }: PrivateNamesProps) {
    super(scope, id);
    this.zone = new PrivateHostedZone(this, 'Zone', { vpc, zoneName });
    const target = RecordTarget.fromAlias(new LoadBalancerTarget(balancer));
    for (const recordName of hosts) new ARecord(this, recordName, { zone: this.zone, recordName, target });
  }
}

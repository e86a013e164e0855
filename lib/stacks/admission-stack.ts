import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CdnAdmission } from '../constructs/cdn-admission';
import { BALANCER } from '../model/reach';
import type { NetworkStack } from './network-stack';

export interface AdmissionStackProps extends StackProps {
  readonly network: NetworkStack;
}

/** Opens the balancer to the CDN. After the front door, because CloudFront's security group comes with it. */
export class AdmissionStack extends Stack {
  constructor(scope: Construct, id: string, { network, ...props }: AdmissionStackProps) {
    super(scope, id, props);
    new CdnAdmission(this, 'Cdn', {
      vpcId: network.network.vpc.vpcId,
      balancerGroupId: network.reach.of(this, BALANCER).securityGroupId,
    });
  }
}

import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CdnAdmission } from '../constructs/cdn-admission';
import { retention } from '../constructs/retention';
import { BALANCER } from '../model/reach';
import type { SystemModel } from '../model/system';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface AdmissionStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
}

/** Opens the balancer to the CDN. After the front door, because CloudFront's security group comes with it. */
export class AdmissionStack extends Stack {
  constructor(scope: Construct, id: string, { network, keys, model, ...props }: AdmissionStackProps) {
    super(scope, id, props);
    new CdnAdmission(this, 'Cdn', {
      key: Key.fromKeyArn(this, 'Key', keys.key.keyArn),
      logDays: retention(model.tier.logDays),
      vpcId: network.network.vpc.vpcId,
      balancerGroupId: network.reach.of(this, BALANCER).securityGroupId,
    });
  }
}

import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { FRONT_PORT } from '../model/listeners';

export interface CdnAdmissionProps {
  readonly vpcId: string;
  /** Security group of the balancer. */
  readonly balancerGroupId: string;
}

/** CloudFront's own group in the VPC: made with the first VPC origin, and worn by nothing but this account's distributions. */
const CDN_GROUP = 'CloudFront-VPCOrigins-Service-SG';

/**
 * Lets the CDN in to the front's port, and only the CDN.
 *
 * By the group, not by the prefix list of CloudFront's addresses, which anybody's distribution has.
 */
export class CdnAdmission extends Construct {
  constructor(scope: Construct, id: string, { vpcId, balancerGroupId }: CdnAdmissionProps) {
    super(scope, id);
    const find = {
      service: 'EC2',
      action: 'DescribeSecurityGroups',
      parameters: {
        Filters: [
          { Name: 'vpc-id', Values: [vpcId] },
          { Name: 'group-name', Values: [CDN_GROUP] },
        ],
      },
      physicalResourceId: PhysicalResourceId.of(CDN_GROUP),
      outputPaths: ['SecurityGroups.0.GroupId'],
    };
    const group = new AwsCustomResource(this, 'Group', {
      ...{ onCreate: find, onUpdate: find, resourceType: 'Custom::CdnGroup', installLatestAwsSdk: false },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ec2:DescribeSecurityGroups'], resources: ['*'] }),
      ]),
    });
    new CfnSecurityGroupIngress(this, 'Ingress', {
      ...{ groupId: balancerGroupId, sourceSecurityGroupId: group.getResponseField('SecurityGroups.0.GroupId') },
      ...{ ipProtocol: 'tcp', fromPort: FRONT_PORT, toPort: FRONT_PORT, description: 'the CDN' },
    });
  }
}

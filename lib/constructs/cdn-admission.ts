import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { FRONT_PORT } from '../model/listeners';
import { acknowledge, OWN_POLICY } from './acknowledge';

export interface CdnAdmissionProps {
  readonly vpcId: string;
  readonly key: IKey;
  readonly logDays: RetentionDays;
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
  constructor(scope: Construct, id: string, { vpcId, balancerGroupId, key, logDays }: CdnAdmissionProps) {
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
      logGroup: new LogGroup(this, 'Log', {
        encryptionKey: key,
        retention: logDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ec2:DescribeSecurityGroups'], resources: ['*'] }),
      ]),
    });
    this.acknowledge(group);
    new CfnSecurityGroupIngress(this, 'Ingress', {
      ...{ groupId: balancerGroupId, sourceSecurityGroupId: group.getResponseField('SecurityGroups.0.GroupId') },
      ...{ ipProtocol: 'tcp', fromPort: FRONT_PORT, toPort: FRONT_PORT, description: 'the CDN' },
    });
  }

  private acknowledge(group: AwsCustomResource): void {
    acknowledge(group, OWN_POLICY, {
      ids: ['AwsSolutions-IAM5[Resource::*]'],
      why: 'ec2:DescribeSecurityGroups knows no resource.',
      instead: 'it only reads, and runs when this stack is deployed.',
      again: 'when CloudFormation can name the group.',
    });
    // the function behind it is shared by the stack and made by aws-cdk-lib
    for (const shared of Stack.of(this).node.children.filter(
      (child) => child instanceof SingletonFunction || child instanceof LambdaFunction,
    ))
      acknowledge(shared, {
        ids: [
          'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
          ...['LambdaConcurrency', 'LambdaDLQ', 'LambdaInsideVPC'].map((rule) => `NIST.800.53.R5-${rule}`),
        ],
        why: 'It runs for seconds when this stack is deployed, and CloudFormation waits for its answer.',
        instead: 'one reading right.',
        again: 'when CloudFormation can name the group.',
      });
  }
}

import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface DeploymentNoticesProps {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly notices: ITopic;
}

/** Tells people when ECS gives a deployment up, whatever the gate says or cannot say. */
export class DeploymentNotices extends Construct {
  constructor(scope: Construct, id: string, { cluster, notices }: DeploymentNoticesProps) {
    super(scope, id);
    const service = Stack.of(this).formatArn({ service: 'ecs', resource: 'service', resourceName: `${cluster}/` });
    new Rule(this, 'Failed', {
      description: 'A deployment failed or was rolled back',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: [{ prefix: service }] as never,
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      },
      targets: [new SnsTopic(notices)],
    });
  }
}

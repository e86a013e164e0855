import { Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { deliveryBusName, pipelineName } from '../../model/delivery-names';
import type { EnvName } from '../../model/system';
import { failedStage } from './failed-stage';

export interface FailedStagesProps {
  /** The pipeline, and the account it is in. */
  readonly pipeline: { readonly name: string; readonly env: EnvName; readonly account: string };
  /** Takes back what the release reached. */
  readonly machine: StateMachine;
}

/** A pipeline has no step for when a stage fails, so its account tells this one, and what the release reached is taken back here. */
export class FailedStages extends Construct {
  constructor(scope: Construct, id: string, { pipeline, machine }: FailedStagesProps) {
    super(scope, id);
    const { account, region, partition } = Stack.of(this);
    const eventBusName = deliveryBusName(pipeline);
    const bus = new CfnEventBus(this, 'Bus', {
      name: eventBusName,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Sid: 'pipelines', Effect: 'Allow', Action: 'events:PutEvents' },
            Principal: { AWS: `arn:${partition}:iam::${pipeline.account}:root` },
            Resource: `arn:${partition}:events:${region}:${account}:event-bus/${eventBusName}`,
            Condition: { StringEquals: { 'events:source': 'aws.codepipeline' } },
          },
        ],
      },
    });
    new Rule(this, 'Failed', {
      eventBus: EventBus.fromEventBusArn(this, 'Pipelines', bus.attrArn),
      description: 'A stage of the pipeline failed: take back what the release reached',
      eventPattern: { ...failedStage(pipelineName(pipeline)), account: [pipeline.account] },
      targets: [new SfnStateMachine(machine, { retryAttempts: 8 })],
    });
  }
}

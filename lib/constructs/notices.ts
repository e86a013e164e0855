import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface NoticesProps {
  readonly key: IKey;
  readonly addresses: readonly string[];
}

/** Services that tell people something on their own. */
const PUBLISHERS = ['cloudwatch', 'events', 'budgets', 'costalerts', 'backup'];

/** One topic for everything a person should hear of. */
export class Notices extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { key, addresses }: NoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: PUBLISHERS.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const address of addresses) this.topic.addSubscription(new EmailSubscription(address));
  }
}

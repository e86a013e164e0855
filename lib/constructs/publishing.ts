import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Publish metrics of one namespace; the action knows no resource. */
export function publishing(namespace: string): PolicyStatement {
  return new PolicyStatement({
    ...{ actions: ['cloudwatch:PutMetricData'], resources: ['*'] },
    conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
  });
}

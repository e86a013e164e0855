import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import { Construct } from 'constructs';

export interface SpendingProps {
  readonly name: string;
  readonly limitUsd: number;
  readonly topicArn: string;
  /** Cost allocation tags of what is counted. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Smallest surprise worth a message, in USD. */
const SURPRISE_USD = 10;

/** A limit for the month, and a look-out for what is out of pattern. */
export class Spending extends Construct {
  constructor(scope: Construct, id: string, { name, limitUsd, topicArn, tags }: SpendingProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'SNS', address: topicArn }];
    const told = (notificationType: string, threshold: number) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        ...{
          budgetName: name,
          budgetType: 'COST',
          timeUnit: 'MONTHLY',
          budgetLimit: { amount: limitUsd, unit: 'USD' },
        },
        costFilters: { TagKeyValue: Object.entries(tags).map(([key, value]) => `user:${key}$${value}`) },
      },
      notificationsWithSubscribers: [told('ACTUAL', 80), told('FORECASTED', 100)],
    });
    const monitor = new CfnAnomalyMonitor(this, 'Monitor', {
      ...{ monitorName: name, monitorType: 'CUSTOM' },
      monitorSpecification: JSON.stringify({ Tags: { Key: 'user:environment', Values: [tags.environment] } }),
    });
    new CfnAnomalySubscription(this, 'Surprises', {
      ...{ subscriptionName: name, frequency: 'IMMEDIATE', monitorArnList: [monitor.attrMonitorArn] },
      subscribers: [{ type: 'SNS', address: topicArn }],
      thresholdExpression: JSON.stringify({
        Dimensions: {
          ...{ Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', MatchOptions: ['GREATER_THAN_OR_EQUAL'] },
          Values: [String(SURPRISE_USD)],
        },
      }),
    });
  }
}

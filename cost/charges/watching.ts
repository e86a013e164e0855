import type { Pricer } from '../charges';

/** An alarm on an expression is charged for each metric in it. */
const alarm: Pricer = ({ properties }) => {
  const metrics = (properties.Metrics as readonly { readonly MetricStat?: unknown }[] | undefined) ?? [
    { MetricStat: {} },
  ];
  return [{ item: 'cloudwatch.alarm', quantity: Math.max(1, metrics.filter(({ MetricStat }) => MetricStat).length) }];
};

export const watchingCharges: Readonly<Record<string, Pricer>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': () => [{ item: 'cloudwatch.alarm', quantity: 5 }],
  'AWS::CloudWatch::Dashboard': () => [{ item: 'cloudwatch.dashboard', quantity: 1 }],
};

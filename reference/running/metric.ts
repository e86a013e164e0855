/**
 * One line that CloudWatch Logs turns into metrics. Several values of one metric, at most 100, are each a sample of it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetric(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number | readonly number[]>>,
): void {
  const metrics = Object.keys(values).map((Name) => ({ Name }));
  const directive = { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: metrics };
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] }, ...dimensions, ...values };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

import type { Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { type Alarms, FIVE_MINUTES, MINUTE } from '../constructs/watch-alarm';
import { databaseSize } from '../model/database-size';
import { GATE_METRICS } from '../model/gate-metrics';
import { physicalName, serviceNamespace } from '../model/names';
import type { SystemModel } from '../model/system';
import { WATCH } from '../model/watch';

const GIB = 1024 ** 3;

/** Alarms of what keeps state, by the names that the stores have in AWS. */
export function watchStores(stack: Stack, alarms: Alarms, model: SystemModel): void {
  for (const [name, { kind }] of Object.entries(model.stores)) {
    const watched = { name, identifier: physicalName(model, name) };
    if (kind === 'postgres') watchDatabase(stack, alarms, model, watched);
    if (kind === 'cache' && model.tier.cache.kind === 'nodes') watchCache(alarms, watched);
  }
}

interface Watched {
  readonly name: string;
  readonly identifier: string;
}

function watchDatabase(stack: Stack, alarms: Alarms, model: SystemModel, { name, identifier }: Watched): void {
  const of = (metricName: string) =>
    new Metric({
      ...{ namespace: 'AWS/RDS', metricName, statistic: 'Average', period: MINUTE },
      dimensionsMap: { DBInstanceIdentifier: identifier },
    });
  alarms.add(`${name}-cpu`, {
    ...{ section: 'database-cpu', says: `${name} is short of CPU`, above: WATCH.databaseCpuPercent, periods: 5 },
    metric: of('CPUUtilization'),
  });
  alarms.add(`${name}-storage`, {
    ...{ section: 'database-storage', says: `${name} is nearly full`, metric: of('FreeStorageSpace'), below: true },
    above: WATCH.databaseFreeShare * databaseSize(model, name).storageGiB * GIB,
  });
  alarms.add(`${name}-locks`, {
    ...{ section: 'database-locks', says: `Sessions wait for locks in ${name}`, above: WATCH.lockWaits, periods: 1 },
    metric: lockWaits(stack, serviceNamespace(model), { name, identifier }),
  });
}

/** PostgreSQL logs who waits for a lock for longer than a second. */
function lockWaits(stack: Stack, metricNamespace: string, { name, identifier }: Watched): Metric {
  const logGroup = LogGroup.fromLogGroupName(stack, `${name}-log`, `/aws/rds/instance/${identifier}/postgresql`);
  const metricName = 'database_lock_waits';
  new MetricFilter(stack, `${name}-lock-waits`, {
    ...{ logGroup, metricNamespace, metricName, metricValue: '1' },
    filterPattern: FilterPattern.allTerms('still waiting for', 'Lock'),
  });
  return new Metric({ namespace: metricNamespace, metricName, statistic: 'Sum', period: FIVE_MINUTES });
}

function watchCache(alarms: Alarms, { name, identifier }: Watched): void {
  const of = (metricName: string, statistic: string) =>
    new Metric({
      ...{ namespace: 'AWS/ElastiCache', metricName, statistic, period: MINUTE },
      dimensionsMap: { ReplicationGroupId: identifier },
    });
  alarms.add(`${name}-evictions`, {
    ...{ section: 'cache-evictions', says: `${name} throws keys away, which its policy forbids`, above: 0, periods: 1 },
    metric: of('Evictions', 'Sum'),
  });
  alarms.add(`${name}-memory`, {
    ...{ section: 'cache-memory', says: `${name} fills up, and refuses writes when it is full`, periods: 5 },
    ...{ above: WATCH.cacheMemoryPercent, metric: of('DatabaseMemoryUsagePercentage', 'Maximum') },
  });
}

/** Share of a probe's samples that breach; 0 while there are none. */
export function probeShare(namespace: string, dimensionsMap: Record<string, string>): MathExpression {
  const of = (metricName: string) =>
    new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period: MINUTE });
  return new MathExpression({
    expression: 'IF(FILL(s,0)>0,FILL(b,0)/FILL(s,1),0)',
    usingMetrics: { s: of(GATE_METRICS.samples), b: of(GATE_METRICS.breaches) },
    ...{ period: MINUTE, label: dimensionsMap.Probe },
  });
}

import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Backups, restoreTestOf } from '../constructs/backups';
import { RestoreCheck } from '../constructs/restore-check';
import { retention } from '../constructs/retention';
import { Alarms, FIVE_MINUTES } from '../constructs/watch-alarm';
import { databaseSize } from '../model/database-size';
import { physicalName, recoveryNamespace } from '../model/names';
import { VERIFIER } from '../model/reach';
import { checksOf, MOST_RESTORE_MINUTES, RESTORE_METRICS, restoredDatabases } from '../model/restore-config';
import type { SystemModel } from '../model/system';
import type { CopiesStack } from './copies-stack';
import type { DataStack } from './data-stack';
import type { GateStack } from './gate-stack';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface RecoveryStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly gate: GateStack;
  readonly copies: CopiesStack;
}

/** What brings data back: backups, their copies, and the monthly proof. */
export class RecoveryStack extends Stack {
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RecoveryStackProps,
  ) {
    const { model, keys, copies, gate } = props;
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    this.addStackDependency(copies);
    this.key = Key.fromKeyArn(this, 'Key', keys.key.keyArn);
    const databases = restoredDatabases(model);
    if (databases.length > 0) this.defineBackups(databases);
    for (const database of databases) this.defineCheck(database);
    const alarms = new Alarms(this, physicalName(model), Topic.fromTopicArn(this, 'Notices', gate.notices.topicArn));
    for (const what of ['Backup', 'Copy', 'Restore'] as const) this.watchJobs(alarms, what);
    this.watchRestores(alarms);
  }

  private defineBackups(databases: readonly string[]): void {
    const { model, copies, data } = this.props;
    new Backups(this, 'Backups', {
      ...{ name: physicalName(model), key: this.key },
      copyTo: { account: model.account, region: copies.region, vault: physicalName(model, 'copies') },
      databases: Object.fromEntries(
        databases.map((name) => [physicalName(model, name), data.databases.get(name)!.surroundings]),
      ),
      keepDays: Math.max(...databases.map((name) => databaseSize(model, name).keepDays)),
    });
  }

  private defineCheck(database: string): void {
    const { model, network } = this.props;
    new RestoreCheck(this, `Check-${database}`, {
      ...{ name: physicalName(model, `${database}-restored`), plan: restoreTestOf(physicalName(model, database)) },
      config: { database: model.name, checks: checksOf(model.stores[database]) },
      ...{ vpc: network.network.vpc, group: network.reach.of(this, VERIFIER), key: this.key },
      ...{ logDays: retention(model.tier.logDays), metricNamespace: recoveryNamespace(model) },
    });
  }

  private watchJobs(alarms: Alarms, what: 'Backup' | 'Copy' | 'Restore'): void {
    const metric = new Metric({
      ...{ namespace: 'AWS/Backup', metricName: `NumberOf${what}JobsFailed`, statistic: 'Sum' },
      period: Duration.hours(1),
    });
    const says = `A ${what.toLowerCase()} job of AWS Backup failed`;
    alarms.add(`${what.toLowerCase()}-failed`, { section: 'restore-failed', says, metric, above: 0, periods: 1 });
  }

  private watchRestores(alarms: Alarms): void {
    const namespace = recoveryNamespace(this.props.model);
    const of = (metricName: string) =>
      new Metric({ namespace, metricName, statistic: 'Maximum', period: FIVE_MINUTES });
    alarms.add('restore-unsound', {
      ...{ section: 'restore-failed', says: 'What a restore test brought back is not whole', above: 0, periods: 1 },
      metric: of(RESTORE_METRICS.problems),
    });
    alarms.add('restore-slow', {
      ...{ section: 'restore-slow', says: 'A restore test took too long', above: MOST_RESTORE_MINUTES, periods: 1 },
      metric: of(RESTORE_METRICS.minutes),
    });
  }
}

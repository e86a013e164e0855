import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Backups } from '../constructs/backups';
import { Alarms } from '../constructs/watch-alarm';
import { physicalName } from '../model/names';
import type { SystemModel } from '../model/system';
import type { CopiesStack } from './copies-stack';
import type { GateStack } from './gate-stack';
import type { KeysStack } from './keys-stack';

export interface RecoveryStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly gate: GateStack;
  readonly copies: CopiesStack;
}

/** What brings data back: backups, their copies, and the monthly proof. */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, { model, keys, gate, copies, ...props }: RecoveryStackProps) {
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    this.addStackDependency(copies);
    const databases = Object.entries(model.stores).filter(([, { kind }]) => kind === 'postgres');
    new Backups(this, 'Backups', {
      ...{ name: physicalName(model), key: Key.fromKeyArn(this, 'Key', keys.key.keyArn) },
      copyTo: { account: model.account, region: copies.region, vault: physicalName(model, 'copies') },
      databases: databases.map(([name]) => physicalName(model, name)),
      keepDays: model.tier.database.keepDays,
    });
    const alarms = new Alarms(this, physicalName(model), Topic.fromTopicArn(this, 'Notices', gate.notices.topicArn));
    for (const what of ['Backup', 'Copy', 'Restore'] as const)
      alarms.add(`${what.toLowerCase()}-failed`, {
        ...{
          section: 'restore-failed',
          says: `A ${what.toLowerCase()} job of AWS Backup failed`,
          above: 0,
          periods: 1,
        },
        metric: new Metric({
          ...{ namespace: 'AWS/Backup', metricName: `NumberOf${what}JobsFailed`, statistic: 'Sum' },
          period: Duration.hours(1),
        }),
      });
  }
}

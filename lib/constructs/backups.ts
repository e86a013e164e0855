import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupVault,
  CfnRestoreTestingPlan,
  CfnRestoreTestingSelection,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from './acknowledge';

export interface BackupsProps {
  readonly name: string;
  readonly key: IKey;
  /** Vault in the second region. */
  readonly copyTo: { readonly account: string; readonly region: string; readonly vault: string };
  readonly databases: readonly string[];
  readonly keepDays: number;
}

const OWN_OF_BACKUP: Accepted = {
  ids: ['ForBackup', 'ForRestores'].map(
    (which) =>
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicy${which}]`,
  ),
  why: "AWS's own policies by which AWS Backup makes snapshots and restores them.",
  instead: 'trust is limited to AWS Backup, and its plan names the databases.',
  again: 'when AWS Backup documents the rights for RDS alone.',
};

/** Snapshots each day beside the database's own backups, a copy of each in another region, and once a month the proof that they restore. */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const { name, key, databases, keepDays } = props;
    const vault = new BackupVault(this, 'Vault', {
      ...{ backupVaultName: physicalNameOf(name), encryptionKey: key, removalPolicy: RemovalPolicy.RETAIN },
      lockConfiguration: { minRetention: Duration.days(1) },
    });
    const plan = new BackupPlan(this, 'Plan', { backupPlanName: name, backupVault: vault });
    plan.addRule(this.daily(props, keepDays));
    const arns = databases.map((database) => Stack.of(this).formatArn({ service: 'rds', resource: `db:${database}` }));
    plan.addSelection('Databases', {
      ...{ role: this.role('BackupRole', 'ForBackup'), resources: arns.map((arn) => BackupResource.fromArn(arn)) },
    });
    this.testRestores(name, arns);
  }

  /** Before the database's own maintenance window. */
  private daily({ copyTo }: BackupsProps, keepDays: number): BackupPlanRule {
    const { partition } = Stack.of(this);
    const arn = `arn:${partition}:backup:${copyTo.region}:${copyTo.account}:backup-vault:${copyTo.vault}`;
    const destination = BackupVault.fromBackupVaultArn(this, 'Copies', arn);
    return new BackupPlanRule({
      ...{ ruleName: 'daily', scheduleExpression: Schedule.cron({ hour: '16', minute: '0' }) },
      ...{ startWindow: Duration.hours(1), completionWindow: Duration.hours(8), deleteAfter: Duration.days(keepDays) },
      copyActions: [{ destinationBackupVault: destination, deleteAfter: Duration.days(keepDays) }],
    });
  }

  /** On the first of each month the newest backup is restored, looked at and thrown away. */
  private testRestores(name: string, arns: readonly string[]): void {
    const planName = name.replaceAll('-', '_');
    const plan = new CfnRestoreTestingPlan(this, 'RestoreTest', {
      restoreTestingPlanName: planName,
      scheduleExpression: 'cron(0 18 1 * ? *)',
      startWindowHours: 1,
      recoveryPointSelection: {
        ...{ algorithm: 'LATEST_WITHIN_WINDOW', includeVaults: ['*'], recoveryPointTypes: ['SNAPSHOT'] },
        selectionWindowDays: 7,
      },
    });
    new CfnRestoreTestingSelection(this, 'RestoredDatabases', {
      ...{ restoreTestingPlanName: plan.ref, restoreTestingSelectionName: `${planName}_databases` },
      ...{ protectedResourceType: 'RDS', protectedResourceArns: [...arns], validationWindowHours: 4 },
      iamRoleArn: this.role('RestoreRole', 'ForRestores').roleArn,
    });
  }

  private role(id: string, policy: 'ForBackup' | 'ForRestores'): Role {
    const managed = ManagedPolicy.fromAwsManagedPolicyName(`service-role/AWSBackupServiceRolePolicy${policy}`);
    const role = new Role(this, id, {
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      managedPolicies: [managed],
    });
    acknowledge(role, OWN_OF_BACKUP);
    return role;
  }
}

function physicalNameOf(name: string): string {
  return `${name}-backups`;
}

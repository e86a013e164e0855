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
import type { RestoredWith } from './postgres';

export interface BackupsProps {
  readonly name: string;
  readonly key: IKey;
  /** Vault in the second region. */
  readonly copyTo: { readonly account: string; readonly region: string; readonly vault: string };
  /** Identifiers, each with what a test restores it with. */
  readonly databases: Readonly<Record<string, RestoredWith>>;
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

/** Name of the plan by which restoring a database is tested: letters, digits and underscores. */
export function restoreTestOf(database: string): string {
  return database.replaceAll('-', '_');
}

/** Snapshots each day beside the database's own backups, a copy of each in another region, and once a month the proof that they restore. */
export class Backups extends Construct {
  private readonly restoreRole: Role;

  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const { name, key, databases, keepDays } = props;
    this.restoreRole = this.role('RestoreRole', 'ForRestores');
    const vault = new BackupVault(this, 'Vault', {
      ...{ backupVaultName: physicalNameOf(name), encryptionKey: key, removalPolicy: RemovalPolicy.RETAIN },
      lockConfiguration: { minRetention: Duration.days(1) },
    });
    const plan = new BackupPlan(this, 'Plan', { backupPlanName: name, backupVault: vault });
    plan.addRule(this.daily(props, keepDays));
    const arns = Object.keys(databases).map((database) => this.arnOf(database));
    plan.addSelection('Databases', {
      ...{ role: this.role('BackupRole', 'ForBackup'), resources: arns.map((arn) => BackupResource.fromArn(arn)) },
    });
    for (const [database, restoredWith] of Object.entries(databases)) this.testRestores(database, restoredWith);
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
  private testRestores(database: string, restoreMetadataOverrides: RestoredWith): void {
    const planName = restoreTestOf(database);
    const plan = new CfnRestoreTestingPlan(this, `RestoreTest-${database}`, {
      restoreTestingPlanName: planName,
      scheduleExpression: 'cron(0 18 1 * ? *)',
      startWindowHours: 1,
      recoveryPointSelection: {
        ...{ algorithm: 'LATEST_WITHIN_WINDOW', includeVaults: ['*'], recoveryPointTypes: ['SNAPSHOT'] },
        selectionWindowDays: 7,
      },
    });
    new CfnRestoreTestingSelection(this, `Restored-${database}`, {
      ...{ restoreTestingPlanName: plan.ref, restoreTestingSelectionName: planName, protectedResourceType: 'RDS' },
      ...{ protectedResourceArns: [this.arnOf(database)], validationWindowHours: 4, restoreMetadataOverrides },
      iamRoleArn: this.restoreRole.roleArn,
    });
  }

  private arnOf(database: string): string {
    return Stack.of(this).formatArn({ service: 'rds', resource: `db:${database}` });
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

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType, type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  type CfnDBInstance,
  Credentials,
  DatabaseInsightsMode,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { POSTGRES_PORT } from '../model/reach';
import type { DatabaseTier } from '../model/tiers';
import { type Accepted, acknowledge } from './acknowledge';
import type { DatabaseRole } from './database-roles';
import type { StoreAccess } from './store-access';

export interface PostgresProps {
  readonly vpc: IVpc;
  readonly group: ISecurityGroup;
  readonly key: IKey;
  /** Physical name: part of the log groups' names, and a replacement under the same name fails instead of losing data. */
  readonly identifier: string;
  readonly database: string;
  readonly size: DatabaseTier;
  readonly readReplicas: number;
  readonly retain: boolean;
  readonly logDays: RetentionDays;
  /** ARN of automated backups that it starts from. @default - it starts empty */
  readonly restoreFrom?: string;
  /** Where automated backups are copied to. @default - nowhere */
  readonly copies?: { readonly region: string; readonly keyArn: string };
}

/** Keys of AWS Backup's metadata for a restore. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html */
export type RestoredWith = Readonly<Record<string, string>>;

const ENGINE = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18_3 });

/** Not the name everybody tries first. */
const MASTER = 'sluice_admin';
const LOGS = ['postgresql', 'upgrade', 'iam-db-auth-error'];

/** Storage may grow by itself to so many times its first size. */
const GROWTH = 5;
const SLOW_QUERY_MS = 1_000;

const MONITORING: Accepted = {
  ids: ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]'],
  why: "AWS's own policy by which RDS publishes what the operating system measures.",
  instead: 'it may write to one log group of RDS and nothing else.',
  again: 'when RDS can do without.',
};
const BACKUP_BY_TAG: Accepted = {
  ids: ['NIST.800.53.R5-RDSInBackupPlan'],
  why: 'The plan stands in the recovery stack, which the check cannot see from here.',
  instead: 'automated backups with recovery to any minute; where data is kept, a plan that names this instance.',
  again: 'when the checks see more than one template.',
};
const THROW_AWAY: Accepted = {
  ids: [
    'AwsSolutions-RDS3',
    'AwsSolutions-RDS10',
    'NIST.800.53.R5-RDSMultiAZSupport',
    'NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled',
  ],
  why: 'Its data is made for tests and made again in minutes.',
  instead: 'automated backups; a second zone and protection where data is kept.',
  again: 'when somebody keeps data here.',
};

/** PostgreSQL on RDS: TLS or nothing, tokens or passwords by role, back to any minute of its kept days. */
export class Postgres extends Construct {
  readonly instance: DatabaseInstance;
  private readonly subnets: SubnetGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgresProps,
  ) {
    super(scope, id);
    const { size, vpc, retain } = props;
    this.subnets = new SubnetGroup(this, 'Subnets', {
      ...{ vpc, description: props.identifier, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } },
    });
    this.instance = new DatabaseInstance(this, 'Instance', {
      ...this.shared(props),
      engine: ENGINE,
      databaseName: props.database,
      credentials: Credentials.fromUsername(MASTER),
      manageMasterUserPassword: true,
      allocatedStorage: size.storageGiB,
      maxAllocatedStorage: size.storageGiB * GROWTH,
      multiAz: size.multiAz,
      backupRetention: Duration.days(size.keepDays),
      preferredBackupWindow: '17:00-17:30',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !retain,
      subnetGroup: this.subnets,
    });
    this.defineReplicas(props);
    this.defineLogs(props);
    acknowledge(this, MONITORING, BACKUP_BY_TAG, ...(props.retain ? [] : [THROW_AWAY]));
    if (props.restoreFrom) this.restore(props.restoreFrom);
    if (props.copies) this.copyBackups(props.copies, size.keepDays);
  }

  /** How a container signs in as a role: with a token, for which its own role is known. */
  access(role: DatabaseRole, pool: number): StoreAccess {
    const { dbInstanceEndpointAddress: host } = this.instance;
    return {
      environment: {
        DATABASE_URL: `postgresql://${role}@${host}:${POSTGRES_PORT}/${this.props.database}?sslmode=verify-full`,
        ...{ DATABASE_AUTH: 'iam', DATABASE_POOL: String(pool) },
      },
      secrets: {},
      grant: (grantee) => this.instance.grantConnect(grantee, role),
    };
  }

  /** What a copy of it is restored with, so that the same people get to it by the same rules, and nobody else. */
  get surroundings(): RestoredWith {
    const [group] = this.instance.connections.securityGroups;
    return {
      dbSubnetGroupName: this.subnets.subnetGroupName,
      dbParameterGroupName: this.parameters.bindToInstance({}).parameterGroupName,
      vpcSecurityGroupIds: `["${group!.securityGroupId}"]`,
      enableIAMDatabaseAuthentication: 'true',
      port: String(POSTGRES_PORT),
    };
  }

  /** How a container signs in as the master user, whose password RDS keeps and changes. */
  masterAccess(): StoreAccess {
    const { dbInstanceEndpointAddress: PGHOST, secret } = this.instance;
    return {
      environment: { PGHOST, PGPORT: String(POSTGRES_PORT), PGDATABASE: this.props.database, PGSSLMODE: 'require' },
      secrets: {
        PGUSER: Secret.fromSecretsManager(secret!, 'username'),
        PGPASSWORD: Secret.fromSecretsManager(secret!, 'password'),
      },
    };
  }

  /** What an instance and its replicas have in common. */
  private shared({ vpc, group, key, identifier, size, retain }: PostgresProps) {
    return {
      ...{ vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups: [group], port: POSTGRES_PORT },
      ...{
        instanceIdentifier: identifier,
        instanceType: new InstanceType(size.instance),
        storageType: StorageType.GP3,
      },
      ...{ storageEncrypted: true, storageEncryptionKey: key, publiclyAccessible: false },
      ...{ iamAuthentication: true, caCertificate: CaCertificate.RDS_CA_RSA2048_G1 },
      ...{ deletionProtection: retain, removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY },
      ...{ autoMinorVersionUpgrade: true, preferredMaintenanceWindow: 'sun:18:00-sun:18:30' },
      ...{ cloudwatchLogsExports: LOGS, monitoringInterval: Duration.minutes(1) },
      ...{ databaseInsightsMode: DatabaseInsightsMode.STANDARD, performanceInsightEncryptionKey: key },
      parameterGroup: this.parameters,
    };
  }

  private get parameters(): ParameterGroup {
    return (
      (this.node.tryFindChild('Parameters') as ParameterGroup | undefined) ??
      new ParameterGroup(this, 'Parameters', {
        engine: ENGINE,
        description: 'TLS for every connection; slow queries and waits for locks in the log',
        parameters: {
          'rds.force_ssl': '1',
          log_lock_waits: '1',
          log_min_duration_statement: String(SLOW_QUERY_MS),
        },
      })
    );
  }

  private defineReplicas(props: PostgresProps): void {
    for (let n = 1; n <= props.readReplicas; n += 1)
      new DatabaseInstanceReadReplica(this, `Replica${n}`, {
        ...this.shared({ ...props, identifier: `${props.identifier}-replica-${n}` }),
        sourceDatabaseInstance: this.instance,
      });
  }

  /** Made before RDS makes them, so that they are encrypted and end. */
  private defineLogs({ identifier, key, logDays }: PostgresProps): void {
    for (const log of LOGS) {
      const group = new LogGroup(this, `Log-${log}`, {
        ...{ logGroupName: `/aws/rds/instance/${identifier}/${log}`, encryptionKey: key, retention: logDays },
        removalPolicy: RemovalPolicy.DESTROY,
      });
      this.instance.node.addDependency(group);
    }
  }

  /** To the last minute that was copied. What a restored database brings with it may not be said again. */
  private restore(from: string): void {
    const instance = this.instance.node.defaultChild as CfnDBInstance;
    instance.addPropertyOverride('SourceDBInstanceAutomatedBackupsArn', from);
    instance.addPropertyOverride('UseLatestRestorableTime', true);
    for (const brought of ['DBName', 'MasterUsername', 'StorageEncrypted', 'KmsKeyId'])
      instance.addPropertyDeletionOverride(brought);
  }

  private copyBackups({ region, keyArn }: { readonly region: string; readonly keyArn: string }, days: number): void {
    const instance = this.instance.node.defaultChild as CfnDBInstance;
    instance.automaticBackupReplicationRegion = region;
    instance.automaticBackupReplicationRetentionPeriod = days;
    instance.automaticBackupReplicationKmsKeyId = keyArn;
  }
}

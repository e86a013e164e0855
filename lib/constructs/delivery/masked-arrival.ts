import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { machineName } from '../../model/delivery-names';
import {
  MASKED_DATA_VARIABLES,
  type MaskedData,
  maskedBucketName,
  maskedKeyAlias,
  type TakingConfig,
} from '../../model/masked-data';
import { physicalName, stackName } from '../../model/names';
import type { SystemModel } from '../../model/system';
import { type Accepted, acknowledge } from '../acknowledge';
import { NodeFunction } from '../node-function';
import { RDS_AUTHORITIES } from './masked-copy';
import { maskedDataDefinition } from './masked-data-definition';
import type { TaskPlace } from './order-definitions';
import { type MachineRight, OrderMachine } from './order-machine';

export interface MaskedArrivalProps {
  readonly model: SystemModel;
  readonly maskedData: MaskedData;
  readonly vpc: IVpc;
  /** May reach the database. */
  readonly group: ISecurityGroup;
  /** URL of the database, without a password. */
  readonly databaseUrl: string;
  /** Let a role sign in there as the migrator. */
  grantDatabase(role: IRole): void;
  /** The environment's own. */
  readonly key: IKey;
  readonly topicArn: string;
  readonly logDays: RetentionDays;
  /** Makes the accounts for tests, with the rights to run it. @default - none is made */
  readonly seed?: { readonly family: string; readonly place: TaskPlace; readonly allow: readonly MachineRight[] };
}

const TIMEOUT = Duration.minutes(15);
const KEEP_DAYS = 7;

const PASSING: Accepted = {
  ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  why: 'It holds what is on its way, for a week.',
  instead: 'it is handed over again.',
  again: 'when something here is kept nowhere else.',
};

/** Where masked rows of another environment arrive, and take the place of those that are here. */
export class MaskedArrival extends Construct {
  readonly bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MaskedArrivalProps,
  ) {
    super(scope, id);
    const { model, key, topicArn, seed } = props;
    this.bucket = this.defineBucket();
    const { functionArn: taking } = this.defineTaking(this.bucket);
    const { machine } = new OrderMachine(this, 'Machine', {
      ...{ machineName: machineName(model, 'masked-data'), key, logDays: this.props.logDays },
      definition: maskedDataDefinition({ taking, topic: topicArn, seed }),
      allow: [
        { actions: ['lambda:InvokeFunction'], resources: [taking] },
        { actions: ['sns:Publish'], resources: [topicArn] },
        { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] },
        ...(seed?.allow ?? []),
      ],
    });
    new Rule(this, 'Arrived', {
      description: 'A hand-over is whole when it says so',
      eventPattern: {
        ...{ source: ['aws.s3'], detailType: ['Object Created'] },
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [{ suffix: '/manifest.json' }] } },
      },
      targets: [new SfnStateMachine(machine)],
    });
  }

  /** With a key of its own: whoever lays rows down here needs no right to what else this environment encrypts. */
  private defineBucket(): Bucket {
    const { maskedData } = this.props;
    const key = new Key(this, 'Key', {
      ...{ alias: maskedKeyAlias(maskedData), description: 'Masked data on their way', enableKeyRotation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const bucket = new Bucket(this, 'Bucket', {
      ...{ bucketName: maskedBucketName(maskedData), versioned: true, enforceSSL: true, encryptionKey: key },
      ...{ encryption: BucketEncryption.KMS, blockPublicAccess: BlockPublicAccess.BLOCK_ALL },
      ...{ objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED, removalPolicy: RemovalPolicy.DESTROY },
      lifecycleRules: [
        { expiration: Duration.days(KEEP_DAYS), noncurrentVersionExpiration: Duration.days(1) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1), expiredObjectDeleteMarker: true },
      ],
    });
    // the bucket says so itself; CDK would have a function say it
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    acknowledge(bucket, PASSING);
    const { from } = maskedData;
    const who = {
      principals: [new AccountPrincipal(from.account)],
      conditions: {
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${from.account}:role/${stackName(from, 'delivery')}-*` },
      },
    };
    bucket.addToResourcePolicy(
      new PolicyStatement({ ...who, actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
    );
    key.addToResourcePolicy(new PolicyStatement({ ...who, actions: ['kms:GenerateDataKey'], resources: ['*'] }));
    return bucket;
  }

  private defineTaking(bucket: Bucket): NodeFunction {
    const { model, maskedData, key, vpc, group, databaseUrl } = this.props;
    const config: TakingConfig = {
      ...{ columns: maskedData.columns, bucket: bucket.bucketName, stays: maskedData.stays },
    };
    const taking = new NodeFunction(this, 'Taking', {
      ...{ file: 'delivery/taking.lambda.ts', functionName: physicalName(model, 'taking'), key, timeout: TIMEOUT },
      ...{ memoryMiB: 1024, logDays: this.props.logDays, retryAttempts: 0 },
      description: 'Puts masked rows in the place of those that are here',
      inside: { vpc, group },
      environment: {
        ...RDS_AUTHORITIES,
        [MASKED_DATA_VARIABLES.config]: JSON.stringify(config),
        [MASKED_DATA_VARIABLES.database]: databaseUrl,
      },
    });
    const objects = bucket.arnForObjects('*');
    taking.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [objects] }));
    taking.addToRolePolicy(
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey!.keyArn] }),
    );
    this.props.grantDatabase(taking.role!);
    acknowledge(taking, {
      ids: [`AwsSolutions-IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/*]`],
      why: 'Parts get their names when they are handed out.',
      instead: 'it reads one bucket.',
      again: 'when something else lies there.',
    });
    return taking;
  }
}

function logicalIdOf(bucket: Bucket): string {
  return bucket.stack.resolve((bucket.node.defaultChild as CfnBucket).logicalId);
}

import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
  type ReplicationRule,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge, OWN_POLICY } from './acknowledge';
import { logRequests } from './log-bucket';
import type { StoreAccess } from './store-access';

export interface ObjectStoreProps {
  readonly key: IKey;
  readonly logs: IBucket;
  /** Physical name: rights are given by it, and a replacement under the same name fails instead of losing objects. */
  readonly bucketName: string;
  /** Folder of its access log. */
  readonly name: string;
  readonly archiveAfterDays: number;
  readonly retain: boolean;
  /** Bucket in another region that gets a copy of everything. @default - none */
  readonly copy?: { readonly bucketArn: string; readonly keyArn: string };
}

/** Smaller objects cost more in the cheaper classes. Bytes. */
const WORTH_ARCHIVING = 131_072;
const DAYS_TO_GLACIER = 90;

const NO_COPY: Accepted = {
  ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  why: 'The environment names no second region.',
  instead: 'versions, kept for 60 days after an object was replaced or deleted.',
  again: 'when recoveryRegion is set: then it is copied.',
};

/** Users' objects: versioned, encrypted, TLS only, cheaper with age. */
export class ObjectStore extends Construct {
  readonly bucket: Bucket;
  private readonly bucketName: string;
  private readonly arn: string;
  private readonly keyArn: string;

  constructor(scope: Construct, id: string, props: ObjectStoreProps) {
    super(scope, id);
    const { key, logs, name, bucketName, archiveAfterDays, retain, copy } = props;
    this.arn = `arn:${Stack.of(this).partition}:s3:::${bucketName}`;
    this.keyArn = key.keyArn;
    this.bucketName = bucketName;
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      versioned: true,
      enforceSSL: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [ageing(archiveAfterDays), { abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      replicationRules: copy ? [this.copyTo(copy)] : undefined,
    });
    acknowledge(this.bucket, ...(copy ? [OWN_POLICY, this.replicates(copy.bucketArn)] : [NO_COPY]));
    logRequests(this.bucket, logs.bucketName, name);
    // a number in the construct, a text in CloudFormation
    const lifecycle = 'LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan';
    (this.bucket.node.defaultChild as CfnBucket).addPropertyOverride(lifecycle, String(WORTH_ARCHIVING));
  }

  access(): StoreAccess {
    return { environment: { OBJECTS_BUCKET: this.bucketName }, secrets: {}, grant: (role) => this.grant(role) };
  }

  /** Objects one by one, no listing, and nothing about the bucket itself. */
  private grant(role: IRole): void {
    const objects = `${this.arn}/*`;
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [objects] }));
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.keyArn] }));
    acknowledge(role, {
      ids: [`AwsSolutions-IAM5[Resource::${objects}]`],
      why: 'Keys of objects are not known beforehand.',
      instead: 'one bucket, reading and writing of objects, no listing, no deletion.',
      again: 'when a service needs a part of the bucket only.',
    });
  }

  /** By the role that S3 copies with, as aws-cdk-lib makes it. */
  private replicates(copyArn: string): Accepted {
    const own = Stack.of(this).resolve((this.bucket.node.defaultChild as CfnBucket).logicalId);
    const granted = [
      `Resource::<${own}.Arn>/*`,
      `Resource::${copyArn}/*`,
      'Action::kms:GenerateDataKey*',
      'Action::kms:ReEncrypt*',
    ];
    return {
      ids: granted.map((what) => `AwsSolutions-IAM5[${what}]`),
      why: 'Replication reads every object of the one bucket and writes it to the other, under their keys.',
      instead: 'trust is limited to S3; two buckets and two keys are named.',
      again: 'when a part of the bucket is enough.',
    };
  }

  /** Deletions stay here: a copy is also for what was deleted by mistake. */
  private copyTo({ bucketArn, keyArn }: { readonly bucketArn: string; readonly keyArn: string }): ReplicationRule {
    return {
      destination: Bucket.fromBucketArn(this, 'Copy', bucketArn),
      kmsKey: Key.fromKeyArn(this, 'CopyKey', keyArn),
      ...{ sseKmsEncryptedObjects: true, deleteMarkerReplication: false, priority: 1 },
    };
  }
}

function ageing(archiveAfterDays: number): LifecycleRule {
  return {
    objectSizeGreaterThan: WORTH_ARCHIVING,
    transitions: [
      { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(archiveAfterDays) },
      {
        storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
        transitionAfter: Duration.days(archiveAfterDays + DAYS_TO_GLACIER),
      },
    ],
    noncurrentVersionExpiration: Duration.days(60),
  };
}

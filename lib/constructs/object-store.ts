import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
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
import { logRequests } from './log-bucket';
import type { StoreAccess } from './store-access';

export interface ObjectStoreProps {
  readonly key: IKey;
  readonly logs: IBucket;
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

/** Users' objects: versioned, encrypted, TLS only, cheaper with age. */
export class ObjectStore extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, logs, name, archiveAfterDays, retain, copy }: ObjectStoreProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
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
    logRequests(this.bucket, logs.bucketName, name);
    // a number in the construct, a text in CloudFormation
    const lifecycle = 'LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan';
    (this.bucket.node.defaultChild as CfnBucket).addPropertyOverride(lifecycle, String(WORTH_ARCHIVING));
  }

  access(): StoreAccess {
    return { environment: { OBJECTS_BUCKET: this.bucket.bucketName }, secrets: {}, grant: (role) => this.grant(role) };
  }

  /** Objects, no listing. */
  private grant(role: IGrantable): void {
    this.bucket.grantRead(role);
    this.bucket.grantPut(role);
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

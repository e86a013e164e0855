import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from '../acknowledge';

export interface ArtifactStoreProps {
  readonly bucketName: string;
  readonly key: Key;
  /** Bucket that logs who asked for what. */
  readonly logs: Bucket;
  /** ARNs of roles in other accounts that read what a pipeline hands them. They need not exist yet. */
  readonly readers: readonly { readonly account: string; readonly role: string }[];
}

const NO_COPY: Accepted = {
  ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  why: 'It holds what is on its way; what a release is made of is in the ledger and the registry.',
  instead: 'a release is built again from its tag, or deployed again from the ledger.',
  again: 'when something here is kept nowhere else.',
};
const KEEP_DAYS = 30;

/** What one stage of a pipeline hands to the next. */
export class ArtifactStore extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { bucketName, key, logs, readers }: ArtifactStoreProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...{ bucketName, versioned: true, enforceSSL: true, encryption: BucketEncryption.KMS, encryptionKey: key },
      ...{ bucketKeyEnabled: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL },
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...{ serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'buckets/artifacts/' },
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          ...{ expiration: Duration.days(KEEP_DAYS), noncurrentVersionExpiration: Duration.days(7) },
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    acknowledge(this.bucket, NO_COPY);
    for (const reader of readers) this.letRead(reader, key);
  }

  /** By account and name: a policy that named a role before it is made would be refused. */
  private letRead({ account, role }: ArtifactStoreProps['readers'][number], key: Key): void {
    const who = {
      principals: [new AccountPrincipal(account)],
      conditions: { ArnEquals: { 'aws:PrincipalArn': role } },
    };
    const { bucket } = this;
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...who,
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resources: [bucket.arnForObjects('*')],
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...who,
        actions: ['s3:ListBucket', 's3:GetBucketVersioning'],
        resources: [bucket.bucketArn],
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({ ...who, actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: ['*'] }),
    );
  }
}

const READS_AND_WRITES = ['GetObject', 'GetBucket', 'List', 'DeleteObject', 'Abort'].map((action) => `s3:${action}*`);

/** What CDK's grants of the bucket leave in the policy of whoever reads or writes artifacts. */
export function artifactGrants(bucket: IBucket): Accepted {
  const id = Stack.of(bucket).resolve((bucket.node.defaultChild as CfnBucket).logicalId);
  const actions = [...READS_AND_WRITES, 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];
  return {
    ids: [...actions.map((action) => `Action::${action}`), `Resource::<${id}.Arn>/*`].map(
      (what) => `AwsSolutions-IAM5[${what}]`,
    ),
    why: "CDK's grants of the artifact bucket and its key are families of actions, on objects that are named at run time.",
    instead: 'each is bound to the one bucket and the one key.',
    again: 'when CDK grants exact actions.',
  };
}

import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Accepted, acknowledge } from '../constructs/acknowledge';
import { logRequests } from '../constructs/log-bucket';
import { globalName } from '../model/names';
import type { SystemModel } from '../model/system';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface LedgerStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
}

const NO_COPY: Accepted = {
  ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  why: 'A region that is lost takes its releases with it, and what runs in the other is deployed anew.',
  instead: 'versions; nothing overwrites a verdict, and the assembly of a release is in the build as well.',
  again: 'with the first audit that asks for releases of a lost region.',
};

/** The record of every release. Changes never; holds what must survive everything else. */
export class LedgerStack extends Stack {
  readonly ledger: Bucket;

  constructor(scope: Construct, id: string, { model, keys, network, ...props }: LedgerStackProps) {
    const { retain } = model.tier;
    super(scope, id, { terminationProtection: retain, ...props });
    this.ledger = new Bucket(this, 'Ledger', {
      bucketName: globalName(model, 'ledger'),
      versioned: true,
      enforceSSL: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: Key.fromKeyArn(this, 'Key', keys.key.keyArn),
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    acknowledge(this.ledger, NO_COPY);
    logRequests(this.ledger, network.logs.bucket.bucketName, 'ledger');
  }
}

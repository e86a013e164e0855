import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { logRequests } from '../constructs/log-bucket';
import type { SystemModel } from '../model/system';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface LedgerStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
}

/** The record of every release. Changes never; holds what must survive everything else. */
export class LedgerStack extends Stack {
  readonly ledger: Bucket;

  constructor(scope: Construct, id: string, { model, keys, network, ...props }: LedgerStackProps) {
    const { retain } = model.tier;
    super(scope, id, { terminationProtection: retain, ...props });
    this.ledger = new Bucket(this, 'Ledger', {
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
    logRequests(this.ledger, network.logs.bucket.bucketName, 'ledger');
  }
}

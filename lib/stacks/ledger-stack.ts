import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface LedgerStackProps extends StackProps {
  /** Whether the record outlives its stack. */
  readonly retain: boolean;
}

/** The record of every release. Changes never; holds what must survive everything else. */
export class LedgerStack extends Stack {
  readonly ledger: Bucket;

  constructor(scope: Construct, id: string, { retain, ...props }: LedgerStackProps) {
    super(scope, id, { terminationProtection: retain, ...props });
    this.ledger = new Bucket(this, 'Ledger', {
      versioned: true,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

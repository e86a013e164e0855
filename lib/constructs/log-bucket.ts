import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from './acknowledge';

export interface LogBucketProps {
  /** Physical name, by which the CDN's region knows it. */
  readonly name: string;
  readonly retain: boolean;
  readonly keepDays: number;
}

const FINDINGS: readonly Accepted[] = [
  {
    ids: ['AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled'],
    why: 'A log of who wrote the log would write itself.',
    instead: 'CloudTrail of the account; only delivery services may write here.',
    again: 'when somebody but auditors reads it.',
  },
  {
    ids: ['NIST.800.53.R5-S3DefaultEncryptionKMS'],
    why: 'The balancer writes its log under S3 keys only.',
    instead: 'encryption by S3, versions, TLS, no public access.',
    again: 'when Elastic Load Balancing takes a customer key.',
  },
  {
    ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
    why: 'Nothing is restored from it, and its days are few.',
    instead: 'versions, and what matters of a release is in the ledger.',
    again: 'when an audit asks for logs longer than they are kept.',
  },
];

/** Where the balancer, the flows and the other buckets write who asked for what. */
export class LogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { name, retain, keepDays }: LogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: name,
      versioned: true,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED, // the balancer writes under no other key
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          expiration: Duration.days(keepDays),
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    this.letBucketsLog();
    this.letTheCdnLog();
    acknowledge(this.bucket, ...FINDINGS);
  }

  /**
   * CloudFront delivers from us-east-1, wherever the bucket is. A delivery that is new has its path put under AWSLogs; once it was changed it
   * has not.
   */
  private letTheCdnLog(): void {
    const { account, partition } = Stack.of(this);
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: ['cdn/*', `AWSLogs/${account}/CloudFront/*`].map((path) => this.bucket.arnForObjects(path)),
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:us-east-1:${account}:delivery-source:*` },
        },
      }),
    );
  }

  private letBucketsLog(): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('buckets/*')],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

/** Log every request of a bucket. The permission to write stands at the log bucket, once, for every bucket of the account. */
export function logRequests(of: Bucket, logBucketName: string, folder: string): void {
  const bucket = of.node.defaultChild as CfnBucket;
  bucket.loggingConfiguration = { destinationBucketName: logBucketName, logFilePrefix: `buckets/${folder}/` };
}

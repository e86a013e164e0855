import { CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Accepted, acknowledge } from '../constructs/acknowledge';
import { EnvironmentKey } from '../constructs/environment-key';
import { globalName, physicalName } from '../model/names';
import type { SystemModel } from '../model/system';

export interface CopiesStackProps extends StackProps {
  readonly model: SystemModel;
}

const IS_A_COPY: Accepted = {
  ids: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  why: 'It is the copy.',
  instead: 'versions, and the original in the other region.',
  again: 'when users are served from this region: then the copy goes the other way.',
};
const WRITTEN_BY_S3: Accepted = {
  ids: ['AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled'],
  why: 'Only replication writes here, and nobody reads before a region is lost.',
  instead: 'the access log of the original.',
  again: 'when somebody reads here.',
};

/** What the second region keeps all the time: a key, the objects, and a vault for backups. The rest is deployed when it is needed. */
export class CopiesStack extends Stack {
  readonly key: Key;

  constructor(scope: Construct, id: string, { model, ...props }: CopiesStackProps) {
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    this.key = new EnvironmentKey(this, 'Copies', { retain: true, name: `${model.name}/${model.env}` }).key;
    // whoever copies to here stands in another region
    CrossStackReferences.of(this.key).produce(ReferenceStrength.WEAK);
    for (const [name, { kind }] of Object.entries(model.stores)) if (kind === 'bucket') this.defineBucket(name, model);
    new BackupVault(this, 'Vault', {
      ...{ backupVaultName: physicalName(model, 'copies'), encryptionKey: this.key },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private defineBucket(name: string, model: SystemModel): void {
    const bucket = new Bucket(this, name, {
      bucketName: copyName(model, name, this.region),
      ...{ versioned: true, enforceSSL: true, encryption: BucketEncryption.KMS, encryptionKey: this.key },
      ...{ bucketKeyEnabled: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL },
      ...{ objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED, removalPolicy: RemovalPolicy.RETAIN },
      lifecycleRules: [
        {
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
          noncurrentVersionExpiration: Duration.days(60),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    acknowledge(bucket, IS_A_COPY, WRITTEN_BY_S3);
  }
}

/** Name of the bucket that gets a copy of a store's objects. */
export function copyName(model: SystemModel, store: string, region: string): string {
  return globalName({ ...model, region }, `${store}-copy`);
}

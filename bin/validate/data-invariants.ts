import { databaseSize } from '../../lib/model/database-size';
import { physicalName } from '../../lib/model/names';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those } from './resources';

/** What is lost, or what others hold by its ARN, when it goes. */
export const KEPT = [
  'AWS::RDS::DBInstance',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  'AWS::Backup::BackupVault',
];

/** What must hold of everything that keeps data. */
export function dataFaults(assembly: Assembly): readonly Fault[] {
  return [
    ...all(assembly, ...KEPT).flatMap((kept) => outlivesItsStack(assembly, kept)),
    ...all(assembly, 'AWS::RDS::DBInstance').flatMap((database) => databaseFaults(assembly, database)),
    ...all(assembly, 'AWS::ElastiCache::ReplicationGroup').flatMap((cache) => cacheFaults(assembly, cache)),
    ...all(assembly, 'AWS::ElastiCache::UserGroup').flatMap((group) => userFaults(assembly, group)),
    ...all(assembly, 'AWS::S3::Bucket').flatMap((bucket) => bucketFaults(assembly, bucket)),
    ...all(assembly, 'AWS::KMS::Key').flatMap(keyFaults),
    ...copyFaults(assembly),
  ];
}

function outlivesItsStack({ model }: Assembly, kept: Placed): readonly Fault[] {
  const stays = kept.DeletionPolicy === 'Retain' && kept.stack.protected;
  return model.tier.retain && !stays ? [fault('data', kept, 'data that can be deleted')] : [];
}

function databaseFaults(assembly: Assembly, database: Placed): readonly Fault[] {
  const { Properties, stack } = database;
  const { tier } = assembly.model;
  const size = sizeOf(assembly, Properties.DBInstanceIdentifier);
  const parameters = target(assembly, stack, Properties.DBParameterGroupName)?.Properties.Parameters ?? {};
  const isReplica = Properties.SourceDBInstanceIdentifier !== undefined;
  const { BackupRetentionPeriod: days = 0, MultiAZ = false } = Properties;
  return those(
    [!Properties.StorageEncrypted, 'storage in the clear'],
    [Properties.PubliclyAccessible, 'a public address'],
    [String(parameters['rds.force_ssl']) !== '1', 'connections without TLS'],
    [!Properties.EnableIAMDatabaseAuthentication, 'no tokens'],
    [!isReplica && days < size.keepDays, `${days} days of backups, expected ${size.keepDays}`],
    [!isReplica && MultiAZ !== size.multiAz, `MultiAZ ${MultiAZ}, expected ${size.multiAz}`],
    [tier.retain && !Properties.DeletionProtection, 'a database without deletion protection'],
  ).map((text) => fault('data', database, text));
}

/** Of the store that an instance is; its identifier is how the store is called in AWS. */
function sizeOf({ model }: Assembly, identifier: string) {
  const store = Object.keys(model.stores).find((name) => physicalName(model, name) === identifier);
  return databaseSize(model, store ?? '');
}

function cacheFaults(assembly: Assembly, cache: Placed): readonly Fault[] {
  const { Properties, stack } = cache;
  const parameters = target(assembly, stack, Properties.CacheParameterGroupName)?.Properties.Properties ?? {};
  return those(
    [parameters['maxmemory-policy'] !== 'noeviction', 'a queue that may be evicted'],
    [Properties.AutomaticFailoverEnabled && !(Properties.ReplicasPerNodeGroup >= 1), 'a failover to no replica'],
    [
      !Properties.TransitEncryptionEnabled || Properties.TransitEncryptionMode !== 'required',
      'a cache that is also spoken to in the clear',
    ],
    [!Properties.AtRestEncryptionEnabled, 'data in the clear'],
    [!Properties.UserGroupIds?.length, 'users without names'],
  ).map((text) => fault('data', cache, text));
}

/** Valkey refuses a group with a user that needs no password; whoever signs in as nobody must get nowhere. */
function userFaults(assembly: Assembly, group: Placed): readonly Fault[] {
  const users = (group.Properties.UserIds as readonly unknown[]).map((id) => target(assembly, group.stack, id));
  const nobody = users.find((user) => user?.Properties.UserName === 'default')?.Properties;
  const open = users.filter((user) => !['password', 'iam'].includes(user?.Properties.AuthenticationMode?.Type));
  return those(
    [open.length > 0, 'a user without a password'],
    [!nobody || !/^off\b/.test(nobody.AccessString), 'a default user who may come in'],
  ).map((text) => fault('data', group, text));
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, unknown>>;
  readonly Condition?: { readonly Bool?: Readonly<Record<string, string>> };
}

function isAnybody({ Principal }: Statement): boolean {
  return Principal === '*' || (typeof Principal === 'object' && Principal.AWS === '*');
}

function bucketFaults(assembly: Assembly, bucket: Placed): readonly Fault[] {
  const { PublicAccessBlockConfiguration: block = {}, VersioningConfiguration, BucketEncryption } = bucket.Properties;
  const rules: readonly Record<string, unknown>[] = bucket.Properties.LifecycleConfiguration?.Rules ?? [];
  const statements = all(assembly, 'AWS::S3::BucketPolicy')
    .filter(
      ({ stack, Properties }) => follow(assembly, stack, Properties.Bucket) === `${bucket.stack.name}/${bucket.id}`,
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as readonly Statement[]);
  const refusesPlain = statements.some(
    ({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
  );
  const isLedger = bucket.stack.name.endsWith('-ledger');
  return those(
    [Object.values(block).filter(Boolean).length < 4, 'a bucket that can be made public'],
    [VersioningConfiguration?.Status !== 'Enabled', 'a bucket without versions'],
    [!BucketEncryption, 'a bucket in the clear'],
    [!refusesPlain, 'a bucket that answers without TLS'],
    [statements.some((each) => each.Effect === 'Allow' && isAnybody(each)), 'a bucket for anybody'],
    [isLedger && rules.some(({ ExpirationInDays }) => ExpirationInDays), 'a ledger that forgets'],
  ).map((text) => fault('data', bucket, text));
}

function keyFaults(key: Placed): readonly Fault[] {
  const statements: readonly Statement[] = key.Properties.KeyPolicy?.Statement ?? [];
  const open = statements.some((each) => each.Effect === 'Allow' && isAnybody(each) && !each.Condition);
  const turns = key.Properties.KeyUsage === 'SIGN_VERIFY' || key.Properties.EnableKeyRotation === true;
  return those([open, 'a key for anybody'], [!turns, 'a key that is never changed']).map((text) =>
    fault('data', key, text),
  );
}

/** Where a second region is named, everything that keeps users' data is copied there. */
function copyFaults(assembly: Assembly): readonly Fault[] {
  const { recoveryRegion: region, stores } = assembly.model;
  if (region === undefined) return [];
  const buckets = Object.keys(stores).filter((name) => stores[name]?.kind === 'bucket');
  const users = all(assembly, 'AWS::S3::Bucket').filter(
    ({ stack, id }) => stack.name.endsWith('-data') && buckets.some((name) => id.startsWith(name)),
  );
  const databases = all(assembly, 'AWS::RDS::DBInstance').filter((each) => !each.Properties.SourceDBInstanceIdentifier);
  const rules = all(assembly, 'AWS::Backup::BackupPlan').flatMap((plan) =>
    (plan.Properties.BackupPlan.BackupPlanRule as readonly { CopyActions?: readonly unknown[] }[]).map(
      ({ CopyActions = [] }) => ({ plan, copies: CopyActions.length }),
    ),
  );
  return [
    ...users
      .filter(({ Properties }) => Properties.ReplicationConfiguration?.Rules?.[0]?.Status !== 'Enabled')
      .map((bucket) => fault('data', bucket, 'objects that are not copied to the second region')),
    ...databases
      .filter(({ Properties }) => Properties.AutomaticBackupReplicationRegion !== region)
      .map((database) => fault('data', database, 'backups that are not copied to the second region')),
    ...rules
      .filter(({ copies }) => copies === 0)
      .map(({ plan }) => fault('data', plan, 'snapshots that are not copied to the second region')),
  ];
}

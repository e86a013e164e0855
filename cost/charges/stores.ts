import type { Pricer } from '../charges';
import { HOURS_A_MONTH } from '../price-list';

/** A stopped instance's storage goes on. */
const database: Pricer = ({ properties }, { hours }) => {
  const suffix = properties.MultiAZ === true ? '.multi_az' : '';
  return [
    { item: `rds.postgres.${properties.DBInstanceClass}${suffix}`, quantity: suffix ? HOURS_A_MONTH : hours },
    { item: `rds.gp3${suffix}`, quantity: Number(properties.AllocatedStorage) },
  ];
};

/** Aurora's instances of class `db.serverless` are charged by the capacity they use, at least their cluster's minimum. */
const cache: Pricer = ({ properties }) => {
  const { NumNodeGroups: groups = 1, ReplicasPerNodeGroup: replicas, NumCacheClusters: clusters } = properties;
  const nodes = clusters === undefined ? Number(groups) * (1 + Number(replicas ?? 0)) : Number(clusters);
  const quantity = nodes * HOURS_A_MONTH;
  return [{ item: `elasticache.${properties.Engine ?? 'redis'}.${properties.CacheNodeType}`, quantity }];
};

export const storeCharges: Readonly<Record<string, Pricer>> = {
  'AWS::RDS::DBInstance': database,
  'AWS::ElastiCache::ReplicationGroup': cache,
  'AWS::SecretsManager::Secret': () => [{ item: 'secrets_manager.secret', quantity: 1 }],
  'AWS::KMS::Key': () => [{ item: 'kms.key', quantity: 1 }],
  'AWS::KMS::ReplicaKey': () => [{ item: 'kms.key', quantity: 1 }],
};

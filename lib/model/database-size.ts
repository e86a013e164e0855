import type { SystemModel } from './system';
import type { DatabaseTier } from './tiers';

/** How large a database is and how long it can go back: the tier's, but for what its store says. */
export function databaseSize({ tier, stores }: Pick<SystemModel, 'tier' | 'stores'>, store: string): DatabaseTier {
  const config = stores[store];
  return { ...tier.database, ...(config && 'size' in config ? config.size : {}) };
}

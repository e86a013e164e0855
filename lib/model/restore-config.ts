import type { StoreConfig, SystemModel } from './system';

/** What the function that looks at restored backups must know, in the one variable it reads. */
export interface RestoreConfig {
  /** Name of the database in the restored instance. */
  readonly database: string;
  /** SQL that answers with one boolean, by the claim it proves. */
  readonly checks: Readonly<Record<string, string>>;
}

export const RESTORE_VARIABLES = {
  /** A {@link RestoreConfig} as JSON. */
  config: 'RESTORE_CONFIG',
} as const;

/** Metrics of a restore that was tried: how long it took, and how many claims did not hold. Without dimensions. */
export const RESTORE_METRICS = { minutes: 'RestoreMinutes', problems: 'RestoreProblems' } as const;

/** Longest that a restore may take, so that everything else still fits into the promised four hours. Minutes. */
export const MOST_RESTORE_MINUTES = 120;

/** Databases whose backups are copied and tried, by their stores' names. */
export function restoredDatabases({
  stores,
  recoveryRegion,
}: Pick<SystemModel, 'stores' | 'recoveryRegion'>): readonly string[] {
  if (recoveryRegion === undefined) return [];
  return Object.keys(stores).filter((name) => stores[name]?.kind === 'postgres');
}

/** What must hold of a store that came back. */
export function checksOf(store: StoreConfig | undefined): RestoreConfig['checks'] {
  return store && 'restoreChecks' in store ? (store.restoreChecks ?? {}) : {};
}

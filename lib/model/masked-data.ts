import type { MaskedColumns } from './delivery';
import { globalName, type Place } from './names';
import { INTERNET, POSTGRES_PORT, type Way } from './reach';
import type { EnvName, SystemConfig, SystemModel } from './system';

interface Located extends Place {
  readonly account: string;
  readonly region: string;
}

/** Data of one environment that reaches another masked, with every default filled in. */
export interface MaskedData {
  readonly from: Located;
  readonly to: Located;
  readonly columns: MaskedColumns;
  readonly stays: readonly string[];
  readonly cron?: string;
}

/** Who masks, and what: neither is met by anything else. */
export const MASKING = 'masking';
export const MASKED_COPY = 'masked-copy';

export const MASKING_WAYS: readonly Way[] = [
  { from: MASKING, to: MASKED_COPY, port: POSTGRES_PORT },
  { from: MASKING, to: INTERNET, port: 443 },
];

/** Migrations that a database has seen are its own, by whichever tool. */
const STAYS = ['schema_migrations'];

/** What an environment has to do with masked data; nothing, where it neither gives nor takes any. */
export function maskedDataOf({ name, delivery, envs }: SystemConfig, env: EnvName): MaskedData | undefined {
  const masked = delivery?.maskedData;
  if (masked === undefined || (masked.from !== env && masked.to !== env)) return undefined;
  const at = (place: EnvName) => ({ name, env: place, account: envs[place].account, region: envs[place].region });
  const { columns, stays = STAYS, cron } = masked;
  return { from: at(masked.from), to: at(masked.to), columns, stays, cron };
}

/** Bucket by which masked rows arrive, in the account that takes them. */
export function maskedBucketName({ to }: MaskedData): string {
  return globalName(to, 'masked');
}

/** Alias, without `alias/`, of the key of that bucket, and of nothing else. */
export function maskedKeyAlias({ to }: MaskedData): string {
  return `${to.name}/${to.env}/masked`;
}

/** The database whose rows are handed over: the system's first. */
export function databaseOf({ stores }: Pick<SystemModel, 'stores'>): string | undefined {
  return Object.keys(stores).find((name) => stores[name]?.kind === 'postgres');
}

/** What the function that masks is told. Which copy it is for, it hears when it is called. */
export interface MaskingConfig {
  readonly columns: MaskedColumns;
  readonly bucket: string;
  readonly database: string;
}

/** What the function that takes masked rows in is told. */
export interface TakingConfig {
  readonly columns: MaskedColumns;
  readonly bucket: string;
  readonly stays: readonly string[];
}

/** @see lambda/delivery/masking.lambda.ts */
export const MASKED_DATA_VARIABLES = { config: 'MASKED_DATA_CONFIG', database: 'DATABASE_URL' } as const;

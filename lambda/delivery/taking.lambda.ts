import { S3Client } from '@aws-sdk/client-s3';
import { asMigrator } from '../../delivery/handover/migrator';
import { type TakenIn, takeIn } from '../../delivery/handover/take-in';
import { MASKED_DATA_VARIABLES, type TakingConfig } from '../../lib/model/masked-data';
import { AWS_CLIENT } from '../aws';
import { requireEnv } from '../env';
import { withToken } from './aws-token';
import { incomingBucket } from './incoming-bucket';

/** Key of the hand-over. */
export interface TakingCall {
  readonly key: string;
}

const { columns, bucket, stays } = JSON.parse(requireEnv(MASKED_DATA_VARIABLES.config)) as TakingConfig;
const { hostname: host, port, pathname } = new URL(requireEnv(MASKED_DATA_VARIABLES.database));
const parcels = incomingBucket(new S3Client(AWS_CLIENT), bucket);

export function handler({ key }: TakingCall): Promise<TakenIn> {
  return asMigrator(withToken({ host, port: Number(port), database: pathname.slice(1) }), (client) =>
    takeIn(client, { key, parcels, columns, stays }),
  );
}

import { S3Client } from '@aws-sdk/client-s3';
import { type HandedOut, maskAndHandOut } from '../../delivery/handover/masked-copy';
import { asMigrator } from '../../delivery/handover/migrator';
import { MASKED_DATA_VARIABLES, type MaskingConfig } from '../../lib/model/masked-data';
import { POSTGRES_PORT } from '../../lib/model/reach';
import { AWS_CLIENT } from '../aws';
import { requireEnv } from '../env';
import { withToken } from './aws-token';
import { outgoingBucket } from './outgoing-bucket';

/** Where the copy stands, and for which run it was restored. */
export interface MaskingCall {
  readonly host: string;
  readonly copy: string;
}

const { columns, bucket, database } = JSON.parse(requireEnv(MASKED_DATA_VARIABLES.config)) as MaskingConfig;
const parcels = outgoingBucket(new S3Client(AWS_CLIENT), bucket);

export function handler({ host, copy }: MaskingCall): Promise<HandedOut> {
  return asMigrator(withToken({ host, port: POSTGRES_PORT, database }), (client) =>
    maskAndHandOut(client, { copy, columns, parcels }),
  );
}

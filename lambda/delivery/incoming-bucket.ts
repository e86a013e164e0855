import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Incoming } from '../../delivery/handover/handover';

export function incomingBucket(s3: S3Client, bucket: string): Incoming {
  return {
    get: async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body) return Buffer.from(await Body.transformToByteArray());
      throw new Error(`${key}: expected a part in ${bucket}, got nothing; hand it over again`);
    },
  };
}

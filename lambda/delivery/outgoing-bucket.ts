import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Outgoing } from '../../delivery/handover/handover';

/** Into a bucket that belongs to whoever takes them. */
export function outgoingBucket(s3: S3Client, bucket: string): Outgoing {
  return {
    put: async (key, body) => void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))),
  };
}

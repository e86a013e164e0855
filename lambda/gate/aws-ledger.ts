import { setTimeout as delay } from 'node:timers/promises';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { LedgerStore } from './ports';

/** What is no JSON, by the end of its key: a browser shows a report and does not save it. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  md: 'text/markdown',
  ndjson: 'application/x-ndjson',
};

function typeOf(key: string): { readonly ContentType: string } {
  const type = TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/json';
  return { ContentType: `${type}; charset=utf-8` };
}

/**
 * The ledger as a bucket. S3 reads and lists see every write that came before them, and of any number of conditional writes to a
 * key exactly one succeeds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function awsLedger(s3: S3Client, bucket: string): LedgerStore {
  return {
    get: (key) => textOf(s3, { Bucket: bucket, Key: key }),
    putIfAbsent: (key, body) => create(s3, { Bucket: bucket, Key: key }, body),
    put: async (key, body) =>
      void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...typeOf(key) }))),
    list: (prefix) => keysUnder(s3, bucket, prefix),
  };
}

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** Without `s3:ListBucket` S3 answers 403 for a key that is not there, which is thrown: silence must not look like absence. */
async function textOf(s3: S3Client, place: Place): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand(place));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const PRECONDITION_FAILED = 412;
const CONFLICT = 409;
const TRIES = 4;
const PAUSE_MS = 50;

/**
 * 412 says that somebody came first. 409 only says that two writes met and this one must be tried again: taken as a loss it would
 * make a writer believe in a record that nobody wrote.
 */
async function create(s3: S3Client, place: Place, body: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const refusal = await refusalOf(
      s3.send(new PutObjectCommand({ ...place, Body: body, IfNoneMatch: '*', ...typeOf(place.Key) })),
    );
    if (refusal === undefined) return true;
    const status = refusal.$metadata.httpStatusCode;
    if (status === PRECONDITION_FAILED) return false;
    if (status !== CONFLICT || attempt === TRIES) throw refusal;
    await delay(PAUSE_MS * attempt);
  }
}

/** @returns what S3 said against a call; undefined if it did the call */
async function refusalOf(call: Promise<unknown>): Promise<S3ServiceException | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof S3ServiceException) return error;
    throw error;
  }
}

async function keysUnder(s3: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let next: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return keys.sort();
}

import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsLedger } from '../../../lambda/gate/aws-ledger';
import type { LedgerStore } from '../../../lambda/gate/ports';
import { Bucket, s3Error } from './aws-bucket';
import { AwsEndpoint, inTurn } from './aws-endpoint';

let endpoint: AwsEndpoint;
let ledger: LedgerStore;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open(new Bucket().answer);
  ledger = awsLedger(new S3Client({ ...endpoint.client, forcePathStyle: true }), 'ledger');
});

afterEach(() => endpoint.close());

test('only a put that must be the first is conditional', async () => {
  await ledger.putIfAbsent('a', '1');
  await ledger.put('b', '2');

  expect(endpoint.calls.map(({ headers }) => headers['if-none-match'])).toEqual(['*', undefined]);
  expect(endpoint.calls.map(({ path, body }) => [path, body])).toEqual([
    ['/ledger/a', '1'],
    ['/ledger/b', '2'],
  ]);
});

test('a report is stored as what a browser shows, and every other record as what it is', async () => {
  for (const key of ['r/report.html', 'r/verdict.json', 'r/minutes.ndjson', 'r/notes.md']) await ledger.put(key, '');
  await ledger.putIfAbsent('r/plan.json', '{}');

  expect(endpoint.calls.map(({ headers }) => headers['content-type'])).toEqual(
    ['text/html', 'application/json', 'application/x-ndjson', 'text/markdown', 'application/json'].map(
      (type) => `${type}; charset=utf-8`,
    ),
  );
});

test('412 is a loss and is not tried again', async () => {
  endpoint.answer = () => s3Error('PreconditionFailed', 412);

  expect(await ledger.putIfAbsent('a', '1')).toBe(false);
  expect(endpoint.calls).toHaveLength(1);
});

test('409 is no loss: the put is tried again, with its condition', async () => {
  endpoint.answer = inTurn(s3Error('ConditionalRequestConflict', 409), {});

  expect(await ledger.putIfAbsent('a', '1')).toBe(true);
  expect(endpoint.calls.map(({ headers }) => headers['if-none-match'])).toEqual(['*', '*']);
});

test('a conflict that does not end is an error, never a record that nobody wrote', async () => {
  endpoint.answer = () => s3Error('ConditionalRequestConflict', 409);

  await expect(ledger.putIfAbsent('a', '1')).rejects.toThrow('ConditionalRequestConflict of this test');
  expect(endpoint.calls).toHaveLength(4);
});

test('what S3 refuses for its rate is tried again', async () => {
  endpoint.answer = inTurn(s3Error('SlowDown', 503), { body: 'text' });

  expect(await ledger.get('a')).toBe('text');
  expect(endpoint.calls).toHaveLength(2);
});

test('a key that may not be read is an error and not an absence', async () => {
  endpoint.answer = () => s3Error('AccessDenied', 403);

  await expect(ledger.get('a')).rejects.toThrow('AccessDenied of this test');
});

test('a listing follows every page and asks for its prefix alone', async () => {
  for (const key of ['r/1', 'r/2', 'r/3', 'r/4', 'r/5']) await ledger.put(key, '{}');
  endpoint.calls.length = 0;

  expect(await ledger.list('r/')).toEqual(['r/1', 'r/2', 'r/3', 'r/4', 'r/5']);
  expect(endpoint.calls.map(({ query }) => [query.get('prefix'), query.get('continuation-token')])).toEqual([
    ['r/', null],
    ['r/', '2'],
    ['r/', '4'],
  ]);
});

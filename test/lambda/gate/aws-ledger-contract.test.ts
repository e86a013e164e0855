import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { awsLedger } from '../../../lambda/gate/aws-ledger';
import { Ledger } from '../../../lambda/gate/ledger';
import type { LedgerStore } from '../../../lambda/gate/ports';
import { ledgerFolder } from '../../../rehearsal/ports/ledger-folder';
import { Bucket } from './aws-bucket';
import { AwsEndpoint } from './aws-endpoint';

let folder: string;
let endpoint: AwsEndpoint;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-contract-'));
  endpoint = await AwsEndpoint.open();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  endpoint.close();
});

let runs = 0;

function folderStore(): LedgerStore {
  return ledgerFolder(join(folder, String(runs)));
}

function bucketStore(): LedgerStore {
  endpoint.answer = new Bucket().answer;
  return awsLedger(new S3Client({ ...endpoint.client, forcePathStyle: true }), 'ledger');
}

describe.each([
  ['a folder', folderStore],
  ['a bucket', bucketStore],
])('%s as the ledger', (_, open) => {
  let store: LedgerStore;

  beforeEach(() => {
    runs += 1;
    store = open();
  });

  test('gives back what was put, and the last of it', async () => {
    await store.put('releases/v2/rates.json', '{"login":20}');
    await store.put('releases/v2/rates.json', '{"login":60, "note":"größer"}');

    expect(await store.get('releases/v2/rates.json')).toBe('{"login":60, "note":"größer"}');
  });

  test('knows nothing of what was never written', async () => {
    expect(await store.get('releases/v2/verdict.json')).toBeUndefined();
    expect(await store.list('releases/')).toEqual([]);
  });

  test('lets exactly one of many writers have a key, and keeps that one’s text', async () => {
    const bodies = Array.from({ length: 20 }, (__, i) => `writer ${i}`);

    const won = await Promise.all(bodies.map((body) => store.putIfAbsent('releases/v2/verdict.json', body)));

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.get('releases/v2/verdict.json')).toBe(bodies[won.indexOf(true)]);
    expect(await store.putIfAbsent('releases/v2/verdict.json', 'later')).toBe(false);
  });

  test('lists every key under a prefix, in order, however many there are', async () => {
    const keys = ['0007', '0002', '0001', '0005', '0003', '0006', '0004'].map((n) => `system/turns/${n}.json`);
    for (const key of keys) await store.put(key, '{}');
    await store.put('system/stable.json', '{}');
    await store.put('system/turns-of-another/0001.json', '{}');

    expect(await store.list('system/turns/')).toEqual([...keys].sort());
  });

  test('hears both of two people who order at once', async () => {
    const ledger = new Ledger(store);
    const order = (by: string) => ({ kind: 'hold', by, reason: 'a look', at: '2026-11-21T08:00:00Z' }) as const;

    await Promise.all([ledger.order('v2', order('ana')), ledger.order('v2', order('bo'))]);

    expect((await ledger.orders('v2')).map(({ by }) => by).sort()).toEqual(['ana', 'bo']);
  });

  test('gives the turn to one of two releases that open at once', async () => {
    const ledger = new Ledger(store);

    const turns = await Promise.all([ledger.takeTurn('v2'), ledger.takeTurn('v3')]);

    expect(new Set(turns).size).toBe(1);
    expect(await ledger.live()).toBe(turns[0]);
  });
});

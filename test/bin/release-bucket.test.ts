import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { awsLedger } from '../../lambda/gate/aws-ledger';
import { Bucket } from '../lambda/gate/aws-bucket';
import { AwsEndpoint } from '../lambda/gate/aws-endpoint';
import { cleanMinutes, GateWorld } from '../support/gate-world';
import { type Ran, runRelease } from './release-command';

let endpoint: AwsEndpoint;
let world: GateWorld;

/** A gate whose ledger is a bucket, as in AWS. */
beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  endpoint = await AwsEndpoint.open(new Bucket().answer);
  world = await GateWorld.withStable();
  const store = awsLedger(new S3Client({ ...endpoint.client, forcePathStyle: true }), 'ledger');
  for (const [key, body] of world.store.files) await store.put(key, body);
  Object.assign(world.store, store);
});

afterEach(() => endpoint.close());

function release(...args: readonly string[]): Promise<Ran> {
  const { accessKeyId, secretAccessKey } = endpoint.client.credentials;
  return runRelease(args, {
    ...process.env,
    ...{ AWS_ENDPOINT_URL: endpoint.client.endpoint, AWS_REGION: endpoint.client.region },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}

describe('npm run release -- with a bucket', () => {
  test('says the same to the gate as with a folder, and of two people at once one is first', async () => {
    const words = await Promise.all([
      release('freeze', '--reason', 'sale', '--by', 'ann', '--ledger', 's3://ledger'),
      release('freeze', '--reason', 'audit', '--by', 'bob', '--ledger', 's3://ledger'),
    ]);

    expect(words.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(words.find(({ code }) => code === 1)?.stderr).toMatch(
      /^freeze: expected a system that is not frozen, got one frozen by (ann|bob) at .*; nothing is left to do\n$/,
    );
    world.deploy('edge', 'v2');
    expect(await world.hook('edge', 'PRE_SCALE_UP')).toEqual({ hookStatus: 'FAILED' });
  }, 30_000);

  test('reads and orders what the gate keeps there', async () => {
    await world.start();
    world.minutes = cleanMinutes(12);
    await world.gate().tick();

    expect(JSON.parse((await release('status', '--json', '--ledger', 's3://ledger')).stdout)).toMatchObject({
      ...{ stable: 'v1', live: 'v2' },
      release: { id: 'v2', minutes: 12, judged: { verdict: 'extend' } },
    });
    await release('abort', '--reason', 'incident', '--by', 'ann', '--ledger', 's3://ledger');
    expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'abort by ann: incident' });
  }, 30_000);

  test('keeps to its prefix', async () => {
    await release('freeze', '--reason', 'sale', '--ledger', 's3://ledger/coach/prod/');
    const written = endpoint.calls.filter(({ method }) => method === 'PUT').map(({ path }) => path);
    expect(written.at(-1)).toBe('/ledger/coach/prod/system/freezes/000001.json');
    expect((await release('status', '--ledger', 's3://ledger/coach/prod')).stdout).toMatch(/\nfrozen by /);
  }, 30_000);

  test('says in one line what is no bucket', async () => {
    expect(await release('status', '--ledger', 's3://')).toEqual({
      ...{ stdout: '', code: 1 },
      stderr: '--ledger: expected s3://bucket/prefix, got s3://; name the bucket\n',
    });
  }, 30_000);
});

import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsPointer } from '../../../lambda/gate/aws-pointer';
import { parsePointer } from '../../../reference/release/pointer';
import { AwsEndpoint, awsError, inTurn } from './aws-endpoint';

const CANARY = { id: 'v2', startedAt: '2026-11-21T10:00:00Z', expiresAt: '2026-11-21T13:00:00Z' };
const NAME = '/coach/prod/release/canary';

let endpoint: AwsEndpoint;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open();
});

afterEach(() => endpoint.close());

function pointer() {
  return awsPointer(new SSMClient(endpoint.client), NAME);
}

test('who is canary is written over whoever was, in words that services read', async () => {
  await pointer().write(CANARY);

  const [sent] = endpoint.bodies<{ Value: string }>('PutParameter');
  expect(sent).toEqual({ Name: NAME, Value: JSON.stringify(CANARY), Type: 'String', Overwrite: true });
  expect(parsePointer(sent!.Value)).toEqual({ id: 'v2', expiresAt: CANARY.expiresAt });
});

test('nobody is the word none, which services read as nobody', async () => {
  await pointer().write(undefined);

  const [sent] = endpoint.bodies<{ Value: string }>('PutParameter');
  expect(sent!.Value).toBe('none');
  expect(parsePointer(sent!.Value)).toBeUndefined();
});

test.each([
  ['a pointer', { body: { Parameter: { Value: JSON.stringify(CANARY) } } }, CANARY],
  ['the word none', { body: { Parameter: { Value: 'none' } } }, undefined],
  ['a parameter that was never made', awsError('ParameterNotFound'), undefined],
])('%s is read as what it says', async (_, answer, expected) => {
  endpoint.answer = () => answer;

  expect(await pointer().read()).toEqual(expected);
});

test('a read that was refused for its rate is tried again; one that is forbidden is an error', async () => {
  endpoint.answer = inTurn(awsError('ThrottlingException'), { body: { Parameter: { Value: 'none' } } });
  expect(await pointer().read()).toBeUndefined();

  endpoint.answer = () => awsError('AccessDeniedException');
  await expect(pointer().read()).rejects.toThrow('AccessDeniedException of this test');
});

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsAccount } from '../../../lambda/prober/aws-account';
import { AwsEndpoint } from '../gate/aws-endpoint';

let endpoint: AwsEndpoint;
let now = 0;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open(() => ({ body: { SecretString: '{"user":"probe","password":"one"}' } }));
});

afterEach(() => endpoint.close());

function account() {
  return awsAccount(new SecretsManagerClient(endpoint.client), 'coach/prod/probe', () => now);
}

test('the secret is read once in five minutes, so that a rotated password is soon used', async () => {
  const read = account();
  expect(await read()).toEqual({ user: 'probe', password: 'one' });
  endpoint.answer = () => ({ body: { SecretString: '{"user":"probe","password":"two"}' } });

  now += 299_999;
  expect(await read()).toMatchObject({ password: 'one' });
  now += 1;
  expect(await read()).toMatchObject({ password: 'two' });
  expect(endpoint.bodies('GetSecretValue')).toEqual([
    { SecretId: 'coach/prod/probe' },
    { SecretId: 'coach/prod/probe' },
  ]);
});

test.each(['{"user":"probe","passwort":"hidden"}', 'hidden', 'null'])(
  'a secret that is no account is an error which does not repeat it',
  async (SecretString) => {
    endpoint.answer = () => ({ body: { SecretString } });

    const failure = await account()().catch((error: Error) => error.message);

    expect(failure).toBe(
      'secret coach/prod/probe: expected {"user":…,"password":…}, got something else; write the probe account into it',
    );
  },
);

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { readSettings } from '../../reference/settings';
import { connectionOf, DATABASE_SETTINGS } from '../../reference/store/database';

const URL_OF_RDS = 'postgresql://app_ro@coach.abc.eu-west-1.rds.amazonaws.com:5433/coach';
const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' });
});

afterEach(() => {
  process.env = { ...before };
});

function connection(environment: Record<string, string>) {
  return connectionOf(readSettings(environment, DATABASE_SETTINGS));
}

describe('signing in with a token', () => {
  const iam = () => connection({ DATABASE_URL: URL_OF_RDS, DATABASE_AUTH: 'iam' });

  test('makes one for the server and the role, anew for each connection, and wants TLS with a good certificate', async () => {
    const { password, ...rest } = iam();

    expect(rest).toEqual({
      ...{ host: 'coach.abc.eu-west-1.rds.amazonaws.com', port: 5433, user: 'app_ro', database: 'coach' },
      ssl: { rejectUnauthorized: true },
    });
    const token = new URL(`https://${await (password as () => Promise<string>)()}`);
    expect(token.host).toBe('coach.abc.eu-west-1.rds.amazonaws.com:5433');
    expect(Object.fromEntries(token.searchParams)).toMatchObject({
      ...{ Action: 'connect', DBUser: 'app_ro', 'X-Amz-Expires': '900' },
      'X-Amz-Credential': expect.stringMatching(/^AKID\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/),
    });
  });

  test('is taken by pg as it is', () => {
    const client = new Client(iam());

    expect(client).toMatchObject({
      ...{ host: 'coach.abc.eu-west-1.rds.amazonaws.com', port: 5433, user: 'app_ro', database: 'coach' },
      ssl: { rejectUnauthorized: true },
    });
  });
});

describe('signing in with a password', () => {
  test('takes it from the environment where the URL has none, and checks the certificate it is told to check', () => {
    process.env.PGPASSWORD = 'of the environment';
    const client = new Client(connection({ DATABASE_URL: `${URL_OF_RDS}?sslmode=verify-full` }));

    expect([client.user, client.password, client.ssl]).toEqual(['app_ro', 'of the environment', {}]);
  });

  test('takes the one in the URL first', () => {
    process.env.PGPASSWORD = 'of the environment';

    expect(new Client(connection({ DATABASE_URL: 'postgresql://a:of-the-url@localhost/b' })).password).toBe(
      'of-the-url',
    );
  });
});

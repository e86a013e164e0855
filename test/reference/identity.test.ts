import { createPublicKey, createVerify, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repeatsToken } from '../../reference/edge/sessions';
import { hashPassword, isPassword } from '../../reference/identity/passwords';
import { SignatureVerifier, signRequest } from '../../reference/identity/signature';
import { openSigningKey, rawSignature, type SigningKey, Tokens } from '../../reference/identity/tokens';
import { AwsEndpoint } from '../lambda/gate/aws-endpoint';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const REQUEST = { method: 'POST', path: '/indicators', body: '{"window":2}' };
const NEW = { kid: 'new', secret: '0123456789abcdef' };
const OLD = { kid: 'old', secret: 'fedcba9876543210' };

function aKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('a signed request', () => {
  test('is let in once, and what was signed with the secret of before is too', async () => {
    const verifier = new SignatureVerifier([NEW, OLD]);
    const [signature, older] = [signRequest(REQUEST, [NEW], NOW), signRequest(REQUEST, [OLD], NOW)];

    expect(await verifier.refuse(REQUEST, signature, NOW)).toBeUndefined();
    expect(await verifier.refuse(REQUEST, older, NOW)).toBeUndefined();
    expect(await verifier.refuse(REQUEST, signature, NOW)).toBe('signature used before');
  });

  test('is let in once by all who keep what they have seen in one place', async () => {
    const kept = new Set<string>();
    const claim = async (nonce: string) => kept.size < kept.add(nonce).size;
    const [one, other] = [new SignatureVerifier([NEW], claim), new SignatureVerifier([NEW], claim)];
    const signature = signRequest(REQUEST, [NEW], NOW);

    expect(await one.refuse(REQUEST, signature, NOW)).toBeUndefined();
    expect(await other.refuse(REQUEST, signature, NOW)).toBe('signature used before');
  });

  test.each([
    ['its method', { ...REQUEST, method: 'PUT' }],
    ['its path', { ...REQUEST, path: '/tokens' }],
    ['its body', { ...REQUEST, body: '{"window":3}' }],
  ])('is refused when %s is another', async (_, request) => {
    expect(await new SignatureVerifier([NEW]).refuse(request, signRequest(REQUEST, [NEW], NOW), NOW)).toBe(
      'wrong signature',
    );
  });

  test.each([
    ['too late', 60_001],
    ['too early', -60_001],
  ])('is refused %s', async (_, after) => {
    const signature = signRequest(REQUEST, [NEW], NOW);

    expect(await new SignatureVerifier([NEW]).refuse(REQUEST, signature, NOW + after)).toBe(
      'signature out of its time',
    );
  });

  test('cannot be made younger: its time is signed', async () => {
    const signature = signRequest(REQUEST, [NEW], NOW).replace(`ts=${NOW}`, `ts=${NOW + 60_000}`);

    expect(await new SignatureVerifier([NEW]).refuse(REQUEST, signature, NOW + 60_000)).toBe('wrong signature');
  });

  test.each([undefined, '', 'kid=new', 'kid=none,ts=1,nonce=x,sig=y', ['a']])('%j is none', async (header) => {
    expect(await new SignatureVerifier([NEW]).refuse(REQUEST, header, NOW)).toMatch(/^(no|wrong) signature$/);
  });

  test('is not made without a secret', () => {
    expect(() => signRequest(REQUEST, [])).toThrow('signature: expected a secret to sign with, got none');
  });
});

describe('a token', () => {
  test('names its caller for an hour, and no longer', async () => {
    const tokens = new Tokens(await openSigningKey(aKey()));
    const caller = { account: 'ana', role: 'user' } as const;

    expect(tokens.callerOf(await tokens.issue(caller))).toEqual(caller);
    expect(tokens.callerOf(await tokens.issue(caller, Date.now() - 3_601_000))).toBeUndefined();
  });

  test('that was changed, or that nobody signed, names nobody', async () => {
    const tokens = new Tokens(await openSigningKey(aKey()));
    const [header, claims, signature] = (await tokens.issue({ account: 'ana', role: 'user' })).split('.');
    const probe = Buffer.from(
      JSON.stringify({ ...JSON.parse(String(Buffer.from(claims!, 'base64url'))), role: 'probe' }),
    );
    const none = Buffer.from('{"alg":"none"}').toString('base64url');

    expect(tokens.callerOf(`${header}.${probe.toString('base64url')}.${signature}`)).toBeUndefined();
    expect(tokens.callerOf(`${none}.${claims}.`)).toBeUndefined();
    expect(tokens.callerOf('')).toBeUndefined();
  });

  test('of the published keys can be verified by anybody', async () => {
    const tokens = new Tokens(await openSigningKey(aKey()));
    const [header, claims, signature = ''] = (await tokens.issue({ account: 'ana', role: 'user' })).split('.');
    const key = createPublicKey({ key: tokens.jwks().keys[0]!, format: 'jwk' });

    const verify = createVerify('sha256').update(`${header}.${claims}`);
    expect(verify.verify({ key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
  });
});

describe('a key in KMS', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const before = { ...process.env };
  let endpoint: AwsEndpoint;
  let key: SigningKey;

  beforeAll(async () => {
    endpoint = await AwsEndpoint.open(({ operation, body }) => {
      const { Message } = JSON.parse(body);
      if (operation === 'GetPublicKey')
        return {
          body: { KeyId: 'arn:key', PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') },
        };
      return { body: { Signature: sign('sha256', Buffer.from(Message, 'base64'), privateKey).toString('base64') } };
    });
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL: endpoint.client.endpoint, AWS_REGION: 'eu-west-1' },
      ...{ AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' },
    });
    key = await openSigningKey('kms:alias/tokens');
  });

  afterAll(() => {
    process.env = before;
    endpoint.close();
  });

  test('signs tokens that the published half verifies, though it answers in DER', async () => {
    const tokens = new Tokens(key);
    // the lengths of r and s change from one signature to the next
    for (let i = 0; i < 30; i += 1)
      expect(tokens.callerOf(await tokens.issue({ account: `user-${i}`, role: 'user' }))?.account).toBe(`user-${i}`);

    expect(endpoint.bodies('Sign')[0]).toMatchObject({ KeyId: 'alias/tokens', SigningAlgorithm: 'ECDSA_SHA_256' });
  });
});

test.each([
  ['with a zero byte before it, for its sign', `00ff${'aa'.repeat(31)}`],
  ['of 31 bytes', `01${'bb'.repeat(30)}`],
])('an integer of DER %s becomes 32 bytes', (_, r) => {
  const s = `11${'cc'.repeat(31)}`;
  const integer = (hex: string) => `02${(hex.length / 2).toString(16)}${hex}`;
  const both = integer(r) + integer(s);

  const raw = rawSignature(Buffer.from(`30${(both.length / 2).toString(16)}${both}`, 'hex'));

  expect(raw.toString('hex')).toBe(r.slice(-64).padStart(64, '0') + s);
});

test('a password is known by its hash, and its hash by nothing else', async () => {
  const [one, two] = [await hashPassword('secret'), await hashPassword('secret')];

  expect(one).not.toBe(two);
  expect(await Promise.all([isPassword('secret', one), isPassword('Secret', one), isPassword('', undefined)])).toEqual([
    ...[true, false, false],
  ]);
});

test('a session’s token must be repeated whole', () => {
  const session = { account: 'ana', role: 'user', token: 't', csrfToken: 'abcdef' };

  expect(
    ['abcdef', 'abcde', 'abcdefg', '', undefined, ['abcdef', 'x']].map((given) => repeatsToken(session, given)),
  ).toEqual([...[true, false, false, false, false, false]]);
});

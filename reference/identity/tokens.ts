import { createPrivateKey, createPublicKey, type KeyObject, sign as signLocally } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { JwtVerifier } from 'aws-jwt-verify';
import type { Reader } from '../settings';

/** Who makes a call, as its token says. */
export interface Caller {
  readonly account: string;
  readonly role: 'user' | 'probe';
}

/** A key that signs tokens with ES256. */
export interface SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  /** @returns the raw signature, r and s of 32 bytes each */
  sign(data: Buffer): Promise<Buffer>;
}

const ISSUER = 'https://coach.internal';
const AUDIENCE = 'core';
/** Long enough for a session's requests, short enough that signing out is soon true everywhere. */
const LIFETIME_SECONDS = 3_600;

/** `kms:<key id or alias>`, or a private key in PEM for a machine without KMS. */
export const signingKeySource: Reader<string> = (value) => {
  if (value !== undefined && (/^kms:./.test(value) || isSigningKey(value))) return value;
  const got = value === undefined ? 'nothing' : 'something else';
  throw new Error(`kms:<key id or alias>, or a private key of the curve P-256 in PEM, got ${got}`);
};

function isSigningKey(pem: string): boolean {
  try {
    return privateKeyOf(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

function privateKeyOf(pem: string): KeyObject {
  return createPrivateKey(pem.replaceAll('\\n', '\n'));
}

/** @param source as {@link signingKeySource} reads it */
export async function openSigningKey(source: string): Promise<SigningKey> {
  return source.startsWith('kms:') ? kmsKey(source.slice('kms:'.length)) : localKey(source);
}

function localKey(pem: string): SigningKey {
  const key = privateKeyOf(pem);
  return {
    kid: 'local',
    publicKey: createPublicKey(key),
    sign: async (data) => signLocally('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  };
}

async function kmsKey(keyId: string): Promise<SigningKey> {
  const kms = new KMSClient({});
  const { PublicKey, KeyId } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const algorithm = { SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'RAW' } as const;
  return {
    ...{ kid: KeyId ?? keyId, publicKey },
    sign: async (data) => {
      const { Signature } = await kms.send(new SignCommand({ KeyId: keyId, Message: data, ...algorithm }));
      return rawSignature(Buffer.from(Signature ?? []));
    },
  };
}

/** KMS answers DER, `30 len 02 len r 02 len s`; a token wants r and s side by side, each of 32 bytes. */
export function rawSignature(der: Buffer): Buffer {
  const lengthOfR = der[3] ?? 0;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = der.subarray(6 + lengthOfR);
  return Buffer.concat([fixed(r), fixed(s)]);
}

function fixed(integer: Buffer): Buffer {
  const digits = integer.length > 32 ? integer.subarray(integer.length - 32) : integer;
  return Buffer.concat([Buffer.alloc(32 - digits.length), digits]);
}

/** Issues and verifies the tokens by which services call Core. */
export class Tokens {
  private readonly verifier;

  constructor(private readonly key: SigningKey) {
    this.verifier = JwtVerifier.create({
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUri: `${ISSUER}/.well-known/jwks.json`,
    });
    this.verifier.cacheJwks(this.jwks());
  }

  async issue({ account, role }: Caller, now = Date.now()): Promise<string> {
    const iat = Math.floor(now / 1_000);
    const header = { alg: 'ES256', typ: 'JWT', kid: this.key.kid };
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: account, role, iat, exp: iat + LIFETIME_SECONDS };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${(await this.key.sign(Buffer.from(signed))).toString('base64url')}`;
  }

  /** @returns undefined for a token that is not ours, was changed, or is out of its time */
  callerOf(token: string): Caller | undefined {
    try {
      const { sub, role } = this.verifier.verifySync(token, {});
      return sub ? { account: sub, role: role === 'probe' ? 'probe' : 'user' } : undefined;
    } catch {
      return undefined;
    }
  }

  /** The public half, for whoever wants to verify by himself. */
  jwks(): { keys: never[] } {
    const jwk = { ...this.key.publicKey.export({ format: 'jwk' }), kid: this.key.kid, alg: 'ES256', use: 'sig' };
    return { keys: [jwk as never] };
  }
}

import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { SharedSecret } from '../settings';

/** Header with `kid=…,ts=…,nonce=…,sig=…`. */
export const SIGNATURE_HEADER = 'x-signature';
/** A signature is good for so long before and after its time. */
const WINDOW_MS = 60_000;

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Sign a request with the current secret. */
export function signRequest(request: SignedRequest, [current]: readonly SharedSecret[], now = Date.now()): string {
  if (!current) throw new Error('signature: expected a secret to sign with, got none; set the secrets of the service');
  const [ts, nonce] = [String(now), randomUUID()];
  return `kid=${current.kid},ts=${ts},nonce=${nonce},sig=${mac(request, { ts, nonce }, current.secret)}`;
}

/**
 * Keep a nonce until it cannot be used any more.
 *
 * @returns whether it was not kept before
 */
export type ClaimNonce = (nonce: string, seconds: number) => Promise<boolean>;

/** Refuses a request whose signature is not one of ours, is out of its time, or was seen before. */
export class SignatureVerifier {
  /**
   * @param secrets all that are accepted: the current one, and during a rotation the one before or after it
   * @param claim where the nonces of all who verify are kept. @default - in memory, for this task alone
   */
  constructor(
    private readonly secrets: readonly SharedSecret[],
    private readonly claim: ClaimNonce = inMemory(),
  ) {}

  /** @returns why the request is refused; undefined if it is not */
  async refuse(request: SignedRequest, header: unknown, now = Date.now()): Promise<string | undefined> {
    const { kid, ts, nonce, sig } = fieldsOf(header);
    if (!ts || !nonce || !sig) return 'no signature';
    const secret = this.secrets.find((known) => known.kid === kid)?.secret;
    if (secret === undefined || !equal(sig, mac(request, { ts, nonce }, secret))) return 'wrong signature';
    if (!(Math.abs(now - Number(ts)) <= WINDOW_MS)) return 'signature out of its time';
    return (await this.claim(nonce, (2 * WINDOW_MS) / 1_000)) ? undefined : 'signature used before';
  }
}

function inMemory(): ClaimNonce {
  /** When each nonce may be forgotten, the oldest first. */
  const seen = new Map<string, number>();
  return async (nonce, seconds) => {
    const now = Date.now();
    for (const [old, until] of seen) {
      if (until > now) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, now + seconds * 1_000);
    return true;
  };
}

function mac(
  { method, path, body }: SignedRequest,
  { ts, nonce }: { ts: string; nonce: string },
  secret: string,
): string {
  const digest = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', secret).update([method, path, digest, ts, nonce].join('\n')).digest('hex');
}

function fieldsOf(header: unknown): Record<string, string | undefined> {
  const parts = typeof header === 'string' ? header.split(',') : [];
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

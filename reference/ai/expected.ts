import { createHash } from 'node:crypto';
import { computeIndicators, refuseRequest } from './indicators';

/**
 * SHA-256 of the answer that this image gives to a fixture, in hexadecimal: the promise that a release is held to while it is judged.
 *
 * The answer is hashed as canonical JSON, with the fields of every object in order. @see docs/service-contract.md
 *
 * @throws Error if the fixture is no request
 */
export function expectedHash(fixture: unknown): string {
  const refusal = refuseRequest(fixture);
  if (refusal) throw new Error(`fixture: ${refusal}`);
  const answer = computeIndicators(fixture as Parameters<typeof computeIndicators>[0]);
  return createHash('sha256').update(canonical(answer)).digest('hex');
}

function canonical(value: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

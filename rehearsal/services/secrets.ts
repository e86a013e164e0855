import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** Secrets of one rehearsal, made anew each time. */
export interface Secrets {
  /** PEM of the key that signs tokens. */
  readonly signingKey: string;
  /** `kid:secret`, as the services read them. */
  readonly edge: string;
  readonly ai: string;
  readonly probePassword: string;
  readonly userPassword: string;
}

export function makeSecrets(): Secrets {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = () => randomBytes(24).toString('hex');
  return {
    signingKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    edge: `k1:${secret()}`,
    ai: `k1:${secret()}`,
    probePassword: secret(),
    userPassword: secret(),
  };
}

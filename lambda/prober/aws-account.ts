import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Account } from '../probes/session';

/** How long a secret that was read is used, so that a rotated one is soon followed. */
const GOOD_FOR_MS = 5 * 60_000;

/**
 * The probe account, from a secret with `{ user, password }`.
 *
 * @returns a function that reads it, at most every five minutes
 */
export function awsAccount(secrets: SecretsManagerClient, secretId: string, now: () => number): () => Promise<Account> {
  let last: { readonly account: Account; readonly at: number } | undefined;
  return async () => {
    if (last && now() - last.at < GOOD_FOR_MS) return last.account;
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
    last = { account: parseAccount(SecretString, secretId), at: now() };
    return last.account;
  };
}

/** @throws Error that does not repeat what the secret holds */
function parseAccount(text: string | undefined, secretId: string): Account {
  const { user, password } = parsed(text);
  if (typeof user === 'string' && typeof password === 'string') return { user, password };
  throw new Error(
    `secret ${secretId}: expected {"user":…,"password":…}, got something else; write the probe account into it`,
  );
}

function parsed(text = ''): { user?: unknown; password?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

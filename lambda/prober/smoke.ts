import type { ProberConfig } from '../../lib/model/gate-config';
import { RELEASE_HEADER } from '../../lib/model/release';
import type { Lane } from '../gate/hook';
import type { SmokePort } from '../gate/ports';
import { type Reply, send } from '../probes/entrance';

const TIMEOUT_MS = 5_000;
/** The first TLS handshake on a cold path may take longer than any answer; what is transport is tried again. */
const TRIES = 3;

/** Which service's new revision to ask. */
export interface SmokeOf {
  readonly service: string;
  readonly lane: Lane;
}

export type SmokeAnswer = Awaited<ReturnType<SmokePort['ask']>>;

/**
 * Ask a service's new revision, by its test rule, whether it is well.
 *
 * @throws Error if the service's test rule is not known; whatever answers, or does not, is an answer
 */
export async function smokeTest(config: ProberConfig, { service, lane }: SmokeOf): Promise<SmokeAnswer> {
  const baseUrl = lane === 'front' ? config.testUrl : config.innerUrls[service];
  if (baseUrl === undefined)
    throw new Error(
      `innerUrls.${service}: expected the URL of its test rule, got nothing; set it in the prober's config`,
    );
  const entrance = { name: 'test', baseUrl, headers: { [RELEASE_HEADER]: 'canary' } } as const;
  const { status, attempt, body, why } = await persistently(() =>
    send(entrance, { path: '/health', timeoutMs: TIMEOUT_MS }),
  );
  const detail = why ?? `${status} ${JSON.stringify(body ?? null)}`;
  return { release: attempt.release, healthy: status >= 200 && status < 300, detail };
}

async function persistently(ask: () => Promise<Reply>): Promise<Reply> {
  let reply = await ask();
  for (let attempt = 2; reply.status === 0 && attempt <= TRIES; attempt += 1) reply = await ask();
  return reply;
}

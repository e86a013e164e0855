import type { OrderPorts } from '../../delivery/order/ports';
import { RELEASE_HEADER } from '../../lib/model/release';

const TIMEOUT_MS = 10_000;

/** Asks for the front's health as a user's browser would, at the public domain. */
export function entrance(domain: string): OrderPorts['smoke'] {
  return {
    ask: async () => {
      try {
        const answer = await fetch(`https://${domain}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
        const detail = `${answer.status} ${(await answer.text()).slice(0, 300)}`;
        return { release: answer.headers.get(RELEASE_HEADER) ?? undefined, healthy: answer.ok, detail };
      } catch (error) {
        return { release: undefined, healthy: false, detail: String(error) };
      }
    },
  };
}

import type { SmokePort } from '../../lambda/gate/ports';

const TIMEOUT_MS = 5_000;

/** @param doors the listener with each service's test rule, by service */
export function smokeOverHttp(doors: Readonly<Record<string, string>>): SmokePort {
  return {
    ask: async (service) => {
      try {
        const answer = await fetch(`${doors[service]}/health`, {
          headers: { 'x-release': 'canary' },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        const release = answer.headers.get('x-release') ?? undefined;
        return { release, healthy: answer.ok, detail: `${answer.status} ${await answer.text()}` };
      } catch (cause) {
        return { release: undefined, healthy: false, detail: (cause as Error).message };
      }
    },
  };
}

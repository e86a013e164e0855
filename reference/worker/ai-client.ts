import { computeIndicators, type IndicatorRequest, type Indicators } from '../ai/indicators';
import type { FlagValues } from '../flags/flags';
import { SIGNATURE_HEADER, signRequest } from '../identity/signature';
import type { SharedSecret } from '../settings';

export type AskAi = (request: IndicatorRequest) => Promise<Indicators>;

const TIMEOUT_MS = 10_000;

/** @param path headers that keep a call on this worker's release path, asked anew for each call */
export function aiClient(baseUrl: string, secrets: readonly SharedSecret[], path: () => Record<string, string>): AskAi {
  return async (request) => {
    const body = JSON.stringify(request);
    const signature = signRequest({ method: 'POST', path: '/indicators', body }, secrets);
    const answer = await fetch(`${baseUrl}/indicators`, {
      method: 'POST',
      headers: { ...path(), 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) throw new Error(`indicators: expected status 200, got ${answer.status}`);
    return (await answer.json()) as Indicators;
  };
}

/** While the kill switch is on nobody asks the AI: the heuristics answer, here. */
export function heeding(flags: () => FlagValues, askAi: AskAi): AskAi {
  return async (request) => (flags().HEURISTICS_ONLY ? computeIndicators(request) : askAi(request));
}

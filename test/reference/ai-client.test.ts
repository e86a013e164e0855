import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { computeIndicators } from '../../reference/ai/indicators';
import { SAFEST } from '../../reference/flags/flags';
import { SignatureVerifier } from '../../reference/identity/signature';
import { aiClient, heeding } from '../../reference/worker/ai-client';
import { answer, answering, StandIn } from '../lambda/probes/stand-in';

const SECRETS = [{ kid: 'a', secret: '0123456789abcdef' }];
const REQUEST = { prices: [1, 2, 4, 3], window: 2 };

let ai: StandIn;

beforeEach(async () => {
  ai = await StandIn.open(answering(200, 'v1', { sma: 1 }));
});

afterEach(() => ai.close());

function client() {
  return aiClient(ai.entrance().baseUrl, SECRETS, () => ({ 'x-release': 'v2' }));
}

test('the AI is asked with a signature it knows, on the release path', async () => {
  let refusal: Promise<string | undefined> = Promise.resolve('not asked');
  let release: unknown;
  ai.serve = ({ headers }, response) => {
    const signed = { method: 'POST', path: '/indicators', body: JSON.stringify(REQUEST) };
    refusal = new SignatureVerifier(SECRETS).refuse(signed, headers['x-signature']);
    release = headers['x-release'];
    answer(response, { body: { sma: 3.5 } });
  };

  expect(await client()(REQUEST)).toEqual({ sma: 3.5 });
  expect([await refusal, release]).toEqual([undefined, 'v2']);
});

test('an answer that is no success is an error, so that the job is tried again', async () => {
  ai.serve = answering(503, 'v1');

  await expect(client()(REQUEST)).rejects.toThrow('indicators: expected status 200, got 503');
});

test('while the kill switch is on the heuristics answer and the AI is not asked; once it is off it is', async () => {
  let flags = { ...SAFEST, HEURISTICS_ONLY: true as boolean };
  const ask = heeding(() => flags, client());

  expect(await ask(REQUEST)).toEqual(computeIndicators(REQUEST));
  expect(ai.asked).toEqual([]);

  flags = { ...flags, HEURISTICS_ONLY: false };
  expect(await ask(REQUEST)).toEqual({ sma: 1 });
  expect(ai.asked).toEqual(['POST /indicators']);
});

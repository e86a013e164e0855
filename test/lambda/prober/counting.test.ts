import { describe, expect, test } from '@jest/globals';
import { countMinutes, type Finished } from '../../../lambda/prober/counting';
import { SIGN_IN } from '../../../lambda/prober/prober';
import type { Sample } from '../../../lambda/probes/sample';
import type { ProbeConfig } from '../../../lib/model/system';
import { arm } from '../../support/minutes';

const objective = { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 1 };
const LOGIN: ProbeConfig = { id: 'login', kind: 'http', path: '/auth/me', boundMs: 250, objective };
const SUCCESS: ProbeConfig = { id: 'success', kind: 'success', objective };
const AI: ProbeConfig = { id: 'ai', kind: 'fixture', path: '/i', body: {}, perMinute: 1, burst: 1, confirm: 2 };
const MINUTE = 60_000;

function sample(changes: Partial<Sample> = {}): Sample {
  const of = { probe: 'login', entrance: 'test', release: 'v2', answered: true, latencyMs: 1 } as const;
  return { ...of, breach: false, hard: false, attempts: [], ...changes };
}

function count(finished: readonly Finished[], ...probes: readonly ProbeConfig[]) {
  return countMinutes(finished, { arms: { canary: 'v2', stable: 'v1' }, probes, minuteMs: MINUTE });
}

/** The counts of one minute in which all of them ended. */
function countsOf(samples: readonly Sample[], ...probes: readonly ProbeConfig[]) {
  const [minute] = count(
    samples.map((one) => ({ sample: one, at: 5 * MINUTE })),
    ...probes,
  );
  return minute?.counts;
}

test('a sample counts in the minute in which its outcome became known', () => {
  const finished = [4 * MINUTE, 5 * MINUTE - 1, 5 * MINUTE].map((at) => ({ sample: sample(), at }));

  expect(count(finished, LOGIN)).toEqual([
    { minuteStart: 4 * MINUTE, counts: { login: { canary: arm(2), stable: arm(0), misrouted: 0 } } },
    { minuteStart: 5 * MINUTE, counts: { login: { canary: arm(1), stable: arm(0), misrouted: 0 } } },
  ]);
});

test('the release that answered decides the arm, not the way in; an unknown one counts for nobody', () => {
  const samples = [
    sample({ entrance: 'production', release: 'v2' }),
    sample({ entrance: 'test', release: 'v1', breach: true }),
    sample({ entrance: 'test', release: 'v0' }),
    sample({ entrance: 'production', release: undefined }),
  ];

  expect(countsOf(samples, LOGIN)).toEqual({ login: { canary: arm(1), stable: arm(1, 1), misrouted: 2 } });
});

test('what nobody answered counts against the arm of its entrance', () => {
  const silence = { release: undefined, answered: false, breach: true };
  const samples = [sample({ ...silence, entrance: 'test' }), sample({ ...silence, entrance: 'production' })];

  expect(countsOf(samples, LOGIN)).toEqual({ login: { canary: arm(1, 1), stable: arm(1, 1), misrouted: 0 } });
});

describe('the probe of all requests', () => {
  const attempt = (release: string | undefined, failed: boolean, answered = true) => ({ release, failed, answered });

  test('counts each attempt for the release that answered it, whatever became of the sample', () => {
    const samples = [
      sample({ attempts: [attempt('v2', false), attempt('v1', true), attempt('v0', false)], breach: true }),
      sample({ attempts: [attempt(undefined, true, false)] }),
    ];

    expect(countsOf(samples, SUCCESS)).toEqual({ success: { canary: arm(2, 1), stable: arm(1, 1), misrouted: 1 } });
  });

  test('counts signing in, which is no probe’s sample', () => {
    const counts = countsOf([sample({ probe: SIGN_IN, attempts: [attempt('v2', true)] })], LOGIN, SUCCESS);

    expect(counts).toEqual({ success: { canary: arm(1, 1), stable: arm(0), misrouted: 0 } });
  });

  test('is not there where the system has none', () => {
    expect(Object.keys(countsOf([sample({ attempts: [attempt('v2', false)] })], LOGIN) ?? {})).toEqual(['login']);
  });
});

describe('an exact probe', () => {
  test('counts answers, and those among them that were wrong', () => {
    const ai = { probe: 'ai' };
    const samples = [sample(ai), sample({ ...ai, breach: true, hard: true }), sample({ ...ai, release: 'v1' })];

    expect(countsOf(samples, AI)).toEqual({ ai: { canary: arm(2, 1, 1), stable: arm(1), misrouted: 0 } });
  });

  test('leaves a call that was not answered to the probe of all requests', () => {
    const attempts = [{ release: undefined, failed: true, answered: false }];
    const samples = [sample({ probe: 'ai', answered: false, breach: true, attempts })];

    expect(countsOf(samples, AI, SUCCESS)).toEqual({ success: { canary: arm(1, 1), stable: arm(0), misrouted: 0 } });
  });
});

test('a hard failure of a rate probe is a breach too', () => {
  expect(countsOf([sample({ breach: true, hard: true })], LOGIN)).toEqual({
    login: { canary: arm(1, 1, 1), stable: arm(0), misrouted: 0 },
  });
});

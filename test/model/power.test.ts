import { describe, expect, test } from '@jest/globals';
import type { RatePower } from '../../lib/model/evidence/probe-power';
import { AI, DEFAULT_PLAN, IMPORT, LOGIN, SUCCESS, TRAFFIC } from '../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import type { ProbeSpec } from '../../lib/model/gate-plan';
import { badRequests, PlanError, type PlanSpec, plan } from '../../lib/model/power';

const NEVER = Infinity;

function withProbe(changed: ProbeSpec): PlanSpec {
  return {
    ...DEFAULT_PLAN_V1,
    probes: DEFAULT_PLAN_V1.probes.map((probe) => (probe.id === changed.id ? changed : probe)),
  };
}

function refusal(spec: PlanSpec): string {
  try {
    plan(spec);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  throw new Error('the plan was accepted');
}

describe('the power of the default plan', () => {
  const power = plan(DEFAULT_PLAN_V1);
  const rate = (id: string) => power.probes.find((probe) => probe.id === id) as RatePower;

  test.each([
    ['login', [25, 540], [11, 300], '0.9810', '1.0000', 250],
    ['reflect', [13, 270], [5, 150], '0.9170', '1.0000', 168],
    ['import', [5, 54], [1, 30], '0.7688', '0.9979', 39],
    ['success', [11, 810], [4, 450], '0.9977', '1.0000', 286],
  ])('what %s needs to certify', (...[id, whole, tail, atBake, atStop, needed]) => {
    const shown = rate(id);
    expect([shown.whole.mostBreaches, shown.whole.samples]).toEqual(whole);
    expect([shown.tail.mostBreaches, shown.tail.samples]).toEqual(tail);
    expect(shown.atBake.toFixed(4)).toBe(atBake);
    expect(shown.atStop.toFixed(4)).toBe(atStop);
    expect(shown.needed).toBe(needed);
  });

  test.each([
    ['login', [11, 5, 3], [20, 6, 4], [11, 20], '0.079'],
    ['reflect', [20, 5, 4], [34, 9, 5], [5, 9], '0.091'],
    ['import', [NEVER, 11, 4], [NEVER, 19, 5], [8, 14], '0.265'],
    ['success', [31, 7, 5], [NEVER, 15, 6], [5, 10], '0.022'],
  ])('when %s finds a release 2, 4 and 10 times over its objective', (...[id, median, surely, mustCatch, smallest]) => {
    const shown = rate(id);
    const found = shown.found.filter(({ multiple }) => multiple >= 2);
    expect(found.map((detection) => detection.median)).toEqual(median);
    expect(found.map((detection) => detection.surely)).toEqual(surely);
    expect([shown.mustCatch.median, shown.mustCatch.surely]).toEqual(mustCatch);
    expect(shown.smallest.toFixed(3)).toBe(smallest);
  });

  test('an exact probe sees a drift of one answer in ten', () => {
    expect(power.probes.at(-1)).toMatchObject({ id: 'ai', smallest: 1 - 0.05 ** (1 / 30), samples: 30 });
  });

  test('a typical release is certified in time', () => {
    expect(power.atBake.toFixed(3)).toBe('0.690');
    expect(power.atStop.toFixed(4)).toBe('0.9979');
  });

  test('its samples are the schedule of both arms, and the bursts of probes that certify late', () => {
    const schedule = 2 * 30 * (20 + 10 + 2 + 30 + 1);
    expect(power.samples).toBeGreaterThanOrEqual(schedule);
    expect(power.samples).toBeLessThan(1.05 * schedule);
  });

  test('users meet the bad rate for the median minutes, with the share of them that the canary serves', () => {
    expect(badRequests({ p: 0.2, median: 5, surely: 6 }, { perMinute: 600, canaryShare: 0.1 })).toBeCloseTo(60);
  });

  test('each probe says in words what it promises', () => {
    expect(rate('login').promise).toBe(
      'promotes only what surely misses its bound in less than 8 % of samples; keeps what misses it in at most 5 %; ' +
        'finds, with 95 %, what misses it in 7.92 %, at 10 % by minute 20',
    );
  });
});

describe('a plan is refused', () => {
  test('if a typical release would often not be certified in time', () => {
    expect(refusal({ ...DEFAULT_PLAN_V1, probes: [{ ...LOGIN, perMinute: 6, typical: 0.03, mustCatch: 0.2 }] })).toBe(
      [
        'plan refused, 1 problem',
        'probes.login.perMinute = 6: under-powered. A release at its typical 3 % is certified ("at most 8 %") by minute 45 with probability 0.81; 0.95 is required.',
        '  Any one of: perMinute ≥ 10, burst ≥ 5 (is 3), pTol ≥ 0.10 (is 0.08), tailMin ≥ 23 (is 15).',
      ].join('\n'),
    );
  });

  test('if a release that must be caught would not be', () => {
    expect(refusal(withProbe({ ...IMPORT, mustCatch: 0.25 }))).toBe(
      [
        'plan refused, 1 problem',
        'probes.import.mustCatch = 0.25: too slow. At 2 a minute a release at 25 % is not found by minute 45 (95 % path); the smallest that is: 0.265.',
        '  Any one of: mustCatch ≥ 0.27, perMinute ≥ 3, burst ≥ 3 (is 2), hardStopMin ≥ 53 (is 45).',
      ].join('\n'),
    );
  });

  test('each repair it names would do, and one step less would not', () => {
    const weak = { ...LOGIN, perMinute: 6, typical: 0.03, mustCatch: 0.2 };
    const only = (probe: ProbeSpec): PlanSpec => ({ ...DEFAULT_PLAN_V1, probes: [probe] });
    expect(() => plan(only({ ...weak, perMinute: 10 }))).not.toThrow();
    expect(() => plan(only({ ...weak, burst: 5 }))).not.toThrow();
    expect(() => plan(only({ ...weak, pTol: 0.1 }))).not.toThrow();
    expect(() => plan({ ...only(weak), tailMin: 23 })).not.toThrow();
    expect(() => plan(only({ ...weak, perMinute: 9 }))).toThrow('under-powered');
    expect(() => plan(only({ ...weak, burst: 4 }))).toThrow('under-powered');
    expect(() => plan(only({ ...weak, pTol: 0.095 }))).toThrow('under-powered');
    expect(() => plan({ ...only(weak), tailMin: 22 })).toThrow('under-powered');
  });

  test('if its probes are strong enough one by one and not together', () => {
    const probes = ['a', 'b', 'c'].map((id) => ({ ...IMPORT, id, typical: 0.045, mustCatch: 0.7, weight: 1 }));
    expect(refusal({ ...DEFAULT_PLAN_V1, probes })).toMatchInlineSnapshot(`
"plan refused, 1 problem
probes: under-powered together. A typical release is certified by all 3 by minute 45 with probability 0.947; 0.95 is required.
  Any one of: probes.a.perMinute ≥ 3, probes.a.burst ≥ 3 (is 2), probes.a.pTol ≥ 0.265 (is 0.25), probes.b.perMinute ≥ 3, probes.b.burst ≥ 3 (is 2), probes.b.pTol ≥ 0.265 (is 0.25), probes.c.perMinute ≥ 3, probes.c.burst ≥ 3 (is 2), probes.c.pTol ≥ 0.265 (is 0.25)."
`);
  });

  test('with every problem of its shape at once, none of which hides another', () => {
    const probes = [
      { ...LOGIN, pTol: 0.04 },
      { ...IMPORT, weight: 0, burst: 0.5 },
      { ...SUCCESS, typical: 0.02, perMinute: 2.5 },
      { ...AI, confirm: 0 },
      { ...TRAFFIC, perMinute: 5 },
      LOGIN,
    ];
    const spec = { ...DEFAULT_PLAN_V1, alpha: 0.5, beta: 0, bakeMin: 50, tailMin: 48, coverage: 1.2, probes };
    expect(refusal(spec)).toMatchInlineSnapshot(`
"plan refused, 13 problems
alpha = 0.5: it must be above 0 and below 0.5.
beta = 0: it must be above 0 and below 0.5.
coverage = 1.2: it must be above 0 and at most 1.
bakeMin = 50: it must be a whole number, at most hardStopMin = 45.
tailMin = 48: it must be from 1 to bakeMin − burnInMin = 47.
probes = ["login","import","success","ai","traffic","login"]: it must be a list of different ids; login is there twice.
probes.login.pTol = 0.04: it must be above p0 = 0.05 and below 1.
probes.import.burst = 0.5: it must be 1 or more.
probes.import.weight = 0: it must be above 0.
probes.success.perMinute = 2.5: it must be a whole number, 1 or more.
probes.success.typical = 0.02: it must be above 0 and below p0 = 0.01.
probes.ai.confirm = 0: it must be a whole number, 1 or more.
probes.traffic.perMinute = 5: it must be 0 for a passive probe."
`);
  });

  test('with its weak probes and its misshapen ones together', () => {
    const probes = [
      { ...LOGIN, perMinute: 6, typical: 0.03, mustCatch: 0.2 },
      { ...SUCCESS, weight: Number.NaN },
    ];
    expect(refusal({ ...DEFAULT_PLAN_V1, probes }).split('\n')).toEqual([
      'plan refused, 2 problems',
      'probes.success.weight = NaN: it must be above 0.',
      expect.stringContaining('probes.login.perMinute = 6: under-powered.'),
      expect.stringContaining('Any one of:'),
    ]);
  });

  test('without a scheduled rate probe, for nothing else can certify a release', () => {
    expect(refusal({ ...DEFAULT_PLAN_V1, probes: [AI, TRAFFIC] })).toBe(
      'plan refused, 1 problem\nprobes = ["ai","traffic"]: it must be a list with a rate probe that is not passive; nothing else can certify a release.',
    );
  });

  test('if a passive probe would be certified without ever being asked', () => {
    const idle = { ...TRAFFIC, typical: 0.00999, p0: 0.01, pTol: 0.010001, mustCatch: 0.05 };
    expect(refusal({ ...DEFAULT_PLAN_V1, probes: [LOGIN, idle] })).toBe(
      'plan refused, 1 problem\nprobes.traffic.pTol: no million of samples certifies a typical release; raise pTol or lower typical.',
    );
  });
});

test('the plan of the benchmark holds too', () => {
  expect(plan(BENCH_PLAN_V1).atStop).toBeGreaterThan(0.99);
});

describe('the power of a plan of version 2', () => {
  const power = plan(DEFAULT_PLAN);
  const rate = (id: string) => power.probes.find((probe) => probe.id === id) as RatePower;

  test.each([
    ['login', [47, 880], [23, 500], '0.9999', '1.0000', 1040],
    ['reflect', [26, 440], [12, 250], '0.9982', '1.0000', 540],
    ['import', [8, 72], [3, 40], '0.9657', '0.9952', 98],
    ['success', [22, 1320], [10, 750], '1.0000', '1.0000', 1680],
  ])('%s certifies with the bursts of the first and the last minutes', (...[id, whole, tail, atBake, atStop, sent]) => {
    const shown = rate(id);
    expect([shown.whole.mostBreaches, shown.whole.samples]).toEqual(whole);
    expect([shown.tail.mostBreaches, shown.tail.samples]).toEqual(tail);
    expect([shown.atBake.toFixed(4), shown.atStop.toFixed(4), shown.samples]).toEqual([atBake, atStop, sent]);
  });

  test.each([
    ['login', [14, 26], '0.089'],
    ['reflect', [6, 8], '0.104'],
    ['import', [10, 14], '0.315'],
    ['success', [6, 10], '0.024'],
  ])(
    '%s finds what it must catch with what each minute gains of the lesser of two tests',
    (id, mustCatch, smallest) => {
      const shown = rate(id);
      expect([shown.mustCatch.median, shown.mustCatch.surely]).toEqual(mustCatch);
      expect(shown.smallest.toFixed(3)).toBe(smallest);
    },
  );

  test('counts a typical release that leans in its last minutes as not yet promoted', () => {
    const atBake = (evidence: number) =>
      (plan({ ...DEFAULT_PLAN, recent: { minutes: 5, evidence } }).probes[2] as RatePower).atBake;
    expect(atBake(1)).toBeLessThan(atBake(1000));
  });

  test('is refused with constants that make no sense', () => {
    const wrong = {
      ...DEFAULT_PLAN,
      recent: { minutes: 0, evidence: 0.5 },
      finalBakeCorroboration: 0,
      finalBakeMin: 1.5,
    };
    expect(refusal(wrong)).toBe(
      [
        'plan refused, 4 problems',
        'recent.minutes = 0: it must be 1 or more.',
        'recent.evidence = 0.5: it must be 1 or more; below it a release without a breach leans.',
        'finalBakeMin = 1.5: it must be a whole number, 0 or more.',
        'finalBakeCorroboration = 0: it must be 1 or more.',
      ].join('\n'),
    );
  });
});

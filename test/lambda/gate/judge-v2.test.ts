import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge, judgeFinalBake } from '../../../lambda/gate/judge';
import { ratesFor } from '../../../lambda/gate/rates';
import { reasonOf } from '../../../lambda/gate/reason';
import { BENCH_PLAN, DEFAULT_PLAN, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, PlanV2, RateEvidence } from '../../../lib/model/gate-plan';
import { cleanBut, minutesOf, pair, times } from '../../support/minutes';
import { expectClose, said } from '../../support/verdicts';

type Pair = readonly [canary: number, stable: number];

/** Minutes of login, of so many samples on each arm. */
function login(pairs: readonly Pair[], n = 20): Minute[] {
  return minutesOf(...pairs.map(([canary, stable]) => ({ login: pair(canary, stable, n) })));
}

const clean = (count: number): Pair[] => times(count, [0, 0] as const);

describe('test vectors of the benchmark plan', () => {
  // ln M, ln F, ln E, computed apart from the judge: without logarithms, the nearest innocent pair by bisection.
  test.each<[string, Pair[], string, number[]]>([
    ['one clean minute', clean(1), 'extend BAKING @1', [-0.851354, -7.10829, -1.29656]],
    ['thirty', clean(30), 'promote CERTIFIED @30', [-1.87949, -11.9591, -2.32575]],
    ['half of a minute', [[10, 0]], 'extend BAKING @1', [0.453915, 1.37415, 0.888004]],
    ['half of two', times(2, [10, 0] as const), 'extend BAKING @2', [0.979782, 3.11126, 2.28102]],
    ['both arms alike', times(3, [12, 12] as const), 'extend BAKING @3', [-1.19481, -5.79225, -1.63544]],
    [
      'one in ten more than the environment',
      times(10, [6, 4] as const),
      'extend BAKING @10',
      [-0.166818, -6.66198, -0.612255],
    ],
    ['a leak', [...clean(5), ...times(3, [4, 0] as const)], 'extend BAKING @8', [-0.298698, -8.53504, -0.744836]],
    ['all of a minute', [[20, 0]], 'rollback OUTAGE login @1', [0.479597, 19.6707, 18.6491]],
  ])('%s', (_, pairs, verdict, figures) => {
    const judged = judge(BENCH_PLAN, login(pairs));
    expect(said(judged)).toBe(verdict);
    const { abs, rel, outageAbs, outageRel } = judged.evidence.probes.login as RateEvidence;
    expect([rel, outageRel]).toEqual([abs, outageAbs]);
    for (const [i, figure] of figures.entries()) expectClose([abs, outageAbs, judged.evidence.lnE][i]!, figure);
  });
});

test('before its first minute a release has what the main lane may stake, and nothing else', () => {
  const { evidence } = judge(BENCH_PLAN, []);
  expect(evidence.E).toBeCloseTo(1 - BENCH_PLAN.outage.weight, 12);
  expect(evidence.probes.login).toMatchObject({ abs: 0, outageAbs: -Infinity });
});

describe('a release that leans', () => {
  const leaning = [...clean(27), ...times(3, [9, 0] as const)];

  test('is not promoted on the strength of its better days, and told why', () => {
    const plan = { ...DEFAULT_PLAN, probes: [{ ...LOGIN, pTol: 0.3, mustCatch: 0.4, weight: 1 }] };
    const verdict = judge(plan, login([...clean(28), [7, 0], [7, 0]]));
    expect(said(verdict)).toBe('extend LEANING login @30');
    expect(reasonOf(plan, verdict)).toBe(
      'login: the last 5 minutes by themselves speak against it: evidence 101, allowed 1',
    );
  });

  test('is promoted once its last minutes are well again', () => {
    const plan = { ...DEFAULT_PLAN, probes: [{ ...LOGIN, pTol: 0.3, mustCatch: 0.4, weight: 1 }] };
    expect(said(judge(plan, login([...clean(28), [7, 0], [7, 0], ...clean(5)])))).toMatch(
      /^promote CERTIFIED @3[1-5]$/,
    );
  });

  test('goes back at the hard stop', () => {
    const plan = { ...DEFAULT_PLAN, alpha: 1e-9, probes: [{ ...LOGIN, pTol: 0.4, mustCatch: 0.5, weight: 1 }] };
    expect(said(judge(plan, login(times(45, [2, 0] as const))))).toBe('rollback LEANING login @45');
  });

  test('may be a hotfix, which is measured against the stable', () => {
    const plan = { ...BENCH_PLAN, hotfix: true };
    expect(said(judge(plan, login(times(30, [3, 3] as const))))).toBe('promote CERTIFIED @30');
  });

  test('is no matter to a plan of version 1', () => {
    const plan = { ...BENCH_PLAN_V1, probes: [{ ...LOGIN, pTol: 0.4, mustCatch: 0.5, weight: 1 }], alpha: 1e-9 };
    expect(judge(plan, login(leaning)).because).toBe('CERTIFIED');
  });
});

describe('samples for the next minute', () => {
  const samplesAfter = (minutes: Minute[], plan: PlanV2 = BENCH_PLAN) => ratesFor(plan, minutes).login;

  test.each([
    ['the first minute bursts', 0, 60],
    ['so does the fifth', 4, 60],
    ['the sixth is as planned', 5, 20],
    ['the twenty-fifth too', 24, 20],
    ['the last five of the bake burst', 25, 60],
    ['the last', 29, 60],
    ['and the final bake', 30, 60],
    ['to its end', 39, 60],
  ])('%s', (_, cleanMinutes, samples) => {
    expect(samplesAfter(login(clean(cleanMinutes)))).toBe(samples);
  });

  test('how many of them burst is the plan’s to say', () => {
    const closing = (closingMin: number) => ({ ...BENCH_PLAN, burst: { ...BENCH_PLAN.burst, closingMin } });
    const bursts = (closingMin: number) =>
      [28, 29, 30].filter((minutes) => samplesAfter(login(clean(minutes)), closing(closingMin)) === 60);
    expect([bursts(0), bursts(1), bursts(2)]).toEqual([[], [29, 30], [28, 29, 30]]);
  });

  test('a minute bursts while a fifth of the evidence is left', () => {
    expect(samplesAfter(login([...clean(5), ...times(2, [8, 0] as const)]))).toBe(60);
    expect(samplesAfter(login(clean(7)))).toBe(20);
  });

  test('nothing bursts after a rollback, nor for a passive probe', () => {
    expect(samplesAfter(login(times(4, [15, 0] as const)))).toBe(20);
    const plan = { ...BENCH_PLAN, probes: [LOGIN, TRAFFIC] };
    expect(ratesFor(plan, []).traffic).toBe(0);
  });
});

describe('trouble that both arms share', () => {
  test('never rolls back, whatever it does to the canary besides, while the release itself is innocent', () => {
    const minute = fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.constantFrom(0.03, 0.04));
    fc.assert(
      fc.property(fc.array(minute, { minLength: 1, maxLength: 29 }), (minutes) => {
        const counts = minutes.map(([trouble, own]): Pair => {
          const on = (chance: number) => Math.floor(60 * (trouble + (1 - trouble) * chance));
          return [on(own), on(0.02)];
        });
        expect(judge(DEFAULT_PLAN, withLogin(counts)).verdict).not.toBe('rollback');
      }),
    );
  });

  function withLogin(pairs: readonly Pair[]): Minute[] {
    return cleanBut(pairs.length, (minute) => ({ login: pair(...pairs[minute - 1]!, 60) }));
  }
});

describe('the final bake', () => {
  const promoted = login(clean(30));
  const bake = (breaches: readonly number[], stable = 0): Minute[] => [
    ...promoted,
    ...breaches.map((count, i) => ({
      minute: 31 + i,
      probes: { login: pair(count, stable, 60, stable > 0 ? 60 : 0) },
    })),
  ];

  test('takes back what breaks its objective for eight minutes, and says in which it was decided', () => {
    const verdict = judgeFinalBake(BENCH_PLAN, bake(times(10, 20)), 30)!;
    expect(verdict).toMatchObject({ verdict: 'rollback', because: 'EVIDENCE', probe: 'login', minute: 38 });
  });

  test('does not heed a stable: what still answers as one is no comparison any more', () => {
    expect(judgeFinalBake(BENCH_PLAN, bake(times(10, 20), 60), 30)?.minute).toBe(38);
  });

  test('goes on with the evidence of the bake: a leak that was almost found is found early', () => {
    const plan = { ...BENCH_PLAN, recent: { minutes: 5, evidence: 1e9 } };
    const minutes = (breaches: Pair) => [
      ...login([...clean(26), ...times(4, breaches)], 60),
      ...bake(times(10, 9)).slice(30),
    ];
    const judged = (breaches: Pair) => judgeFinalBake(plan, minutes(breaches), 30);
    expect(judge(plan, minutes([7, 0]).slice(0, 30)).verdict).toBe('promote');
    expect(judged([7, 0])!.minute).toBeLessThan(judged([0, 0])?.minute ?? Infinity);
  });

  test('begins at the promotion that stands, whenever these minutes alone would have promoted', () => {
    const early = [
      ...login(clean(32)),
      ...bake(times(8, 20))
        .slice(30)
        .map((minute, i) => ({ ...minute, minute: 33 + i })),
    ];
    expect(judgeFinalBake(BENCH_PLAN, early, 32)?.minute).toBe(40);
  });

  test('finds nothing before its first minute, nor for a plan of version 1', () => {
    expect(judgeFinalBake(BENCH_PLAN, bake([]), 30)).toBeUndefined();
    const worse = times(10, 0).map((_, i) => ({ minute: 31 + i, probes: { login: pair(60, 0, 60) } }));
    expect(judgeFinalBake(BENCH_PLAN, [...promoted, ...worse], 30)).toBeDefined();
    expect(judgeFinalBake(BENCH_PLAN_V1, [...promoted, ...worse], 30)).toBeUndefined();
  });

  test('is the same however often it is looked at, and after its end', () => {
    const minutes = bake(times(10, 20));
    const looks = times(10, 0).map((_, i) => judgeFinalBake(BENCH_PLAN, minutes.slice(0, 31 + i), 30));
    expect(looks.slice(0, 7)).toEqual(times(7, undefined));
    for (const look of looks.slice(7)) expect(look).toEqual(looks[7]);
  });

  test('refuses minutes that cannot be judged', () => {
    const minutes = [...promoted, { minute: 33, probes: {} }];
    expect(() => judgeFinalBake(BENCH_PLAN, minutes, 30)).toThrow('minutes[30].minute: expected 31, got 33');
  });
});

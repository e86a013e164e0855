import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { AI, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { ExactEvidence, Minute, Plan, RateEvidence } from '../../../lib/model/gate-plan';
import { arm, cleanBut, minutesOf, pair, times } from '../../support/minutes';
import { said } from '../../support/verdicts';

describe('minutes that cannot be judged', () => {
  test('are all named at once', () => {
    const minutes: Minute[] = [
      { minute: 1, probes: { login: { canary: { n: 20, breaches: 21, hard: 30 }, stable: arm(20), misrouted: -1 } } },
      {
        minute: 3,
        probes: { login: { canary: arm(1.5), stable: { n: 5, breaches: 0.5, hard: Number.NaN }, misrouted: 0 } },
      },
      { minute: 3, probes: { logout: pair(0, 0) } },
    ];
    expect(() => judge({ ...BENCH_PLAN_V1, release: 'v1.4.0' }, minutes)).toThrow(
      [
        'v1.4.0: minutes[0].probes.login.canary.breaches: expected at most n = 20, got 21; count each sample once',
        'v1.4.0: minutes[0].probes.login.canary.hard: expected at most n = 20, got 30; count each sample once',
        'v1.4.0: minutes[0].probes.login.misrouted: expected a whole number, 0 or more, got -1; count each sample once',
        'v1.4.0: minutes[1].minute: expected 2, got 3; give every minute from 1 on, once and in order',
        'v1.4.0: minutes[1].probes.login.canary.n: expected a whole number, 0 or more, got 1.5; count each sample once',
        'v1.4.0: minutes[1].probes.login.stable.breaches: expected a whole number, 0 or more, got 0.5; count each sample once',
        'v1.4.0: minutes[1].probes.login.stable.hard: expected a whole number, 0 or more, got NaN; count each sample once',
        'v1.4.0: minutes[2].probes: expected probes of the plan (login), got "logout"; judge a release by its own plan',
      ].join('\n'),
    );
  });

  test('are not read after a final verdict', () => {
    const minutes = [...cleanBut(30), { minute: 7, probes: { unknown: pair(1, 1) } }];
    expect(said(judge(DEFAULT_PLAN_V1, minutes))).toBe('promote CERTIFIED @30');
  });
});

describe('a hard failure', () => {
  const probes = (canary: readonly [number, number], stable: readonly [number, number]): Minute['probes'] => ({
    login: { canary: arm(canary[0], canary[1], canary[1]), stable: arm(stable[0], stable[1], stable[1]), misrouted: 0 },
  });
  const bad = probes([20, 1], [20, 0]);

  test.each<[string, Minute['probes'], string]>([
    ['a minute in which nothing of the canary came back', probes([0, 0], [20, 0]), 'rollback HARD login @3'],
    ['a minute in which the stable failed too', probes([20, 1], [20, 1]), 'rollback HARD login @3'],
    ['a minute in which nothing of the stable came back', probes([20, 1], [0, 0]), 'rollback HARD login @3'],
    ['a minute in which the canary was right', probes([20, 0], [20, 0]), 'extend BAKING @3'],
  ])('twice, around %s', (_, between, verdict) => {
    expect(said(judge(BENCH_PLAN_V1, minutesOf(bad, between, bad)))).toBe(verdict);
  });

  test('of an exact probe takes its certificate for as long as the tail sees it', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, AI], alpha: 1e-9 };
    const certified = (count: number, wrongIn: number) => {
      const minutes = times(count, 0).map((_, i) => ({
        login: pair(0, 0),
        ai: { canary: arm(1, 0, i + 1 === wrongIn ? 1 : 0), stable: arm(1), misrouted: 0 },
      }));
      return judge(plan, minutesOf(...minutes)).evidence.probes.ai!.certified;
    };
    expect([1, 15, 16].map((count) => certified(count, 0))).toEqual([true, true, true]);
    expect([1, 15, 16].map((count) => certified(count, 1))).toEqual([false, false, true]);
    expect([16, 17].map((count) => certified(count, 2))).toEqual([false, true]);
  });

  test('of two probes in the same minute is told of the first in the plan', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, { ...LOGIN, id: 'other' }] };
    const both = { login: bad.login!, other: bad.login! };
    expect(said(judge(plan, minutesOf(both, both)))).toBe('rollback HARD login @2');
  });

  test('rolls back in the burn-in too', () => {
    expect(said(judge({ ...BENCH_PLAN_V1, burnInMin: 3 }, minutesOf(bad, bad)))).toBe('rollback HARD login @2');
  });

  test('of an exact probe is confirmed as often as its plan says', () => {
    const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, { ...AI, confirm: 3 }] };
    const wrong = { login: pair(0, 0), ai: { canary: arm(1, 0, 1), stable: arm(1), misrouted: 0 } };
    expect(said(judge(plan, minutesOf(wrong, wrong)))).toBe('extend BAKING @2');
    const answer = judge(plan, minutesOf(wrong, wrong, wrong));
    expect(said(answer)).toBe('rollback HARD ai @3');
    expect((answer.evidence.probes.ai as ExactEvidence).condemning).toEqual([1, 2, 3]);
  });
});

describe('an exact probe', () => {
  test('blocks while the stable is wrong in the tail', () => {
    const wrong = { ai: { canary: arm(1), stable: arm(1, 0, 1), misrouted: 0 } };
    const inMinute = (wrongMinute: number) => cleanBut(30, (minute) => (minute === wrongMinute ? wrong : {}));
    expect(said(judge(DEFAULT_PLAN_V1, inMinute(16)))).toBe('extend UNCERTIFIED ai @30');
    expect(said(judge(DEFAULT_PLAN_V1, inMinute(15)))).toBe('promote CERTIFIED @30');
  });
});

describe('the tail', () => {
  const oneBadMinute = (bad: number) =>
    minutesOf(...times(30, 0).map((_, i) => ({ login: i + 1 === bad ? pair(13, 0, 20) : pair(0, 0) })));

  test('is the last fifteen minutes and no other', () => {
    const tail = (bad: number) =>
      (judge(BENCH_PLAN_V1, oneBadMinute(bad)).evidence.probes.login as RateEvidence).certTail;
    expect(tail(15)).toBe(tail(14));
    expect(tail(16)).toBeLessThan(tail(15));
    expect(tail(16)).toBe(tail(30));
  });

  test('leaves no room for a burst to pay for silent minutes', () => {
    const minutes = minutesOf(
      ...times(30, 0).map((_, i) => ({ login: i >= 20 && i < 24 ? pair(0, 0, 0) : pair(0, 0, 60) })),
    );
    const answer = judge(BENCH_PLAN_V1, minutes);
    expect(said(answer)).toBe('hold NO_DATA login @30');
    expect(answer.evidence.probes.login).toMatchObject({ coverage: { whole: 26 / 30, tail: 11 / 15, enough: false } });
  });
});

describe('a passive probe', () => {
  const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, TRAFFIC] };
  const traffic = (count: number, canary: number, n: number) =>
    minutesOf(...times(count, { login: pair(0, 0), traffic: pair(canary, 0, n, 9 * n) }));

  test('cannot block a release for want of users', () => {
    expect(said(judge(plan, traffic(30, 0, 0)))).toBe('promote CERTIFIED @30');
    const oneError = traffic(30, 0, 5).map((minute) =>
      minute.minute === 20 ? { ...minute, probes: { login: pair(0, 0), traffic: pair(1, 0, 5, 45) } } : minute,
    );
    expect(said(judge(plan, oneError))).toBe('promote CERTIFIED @30');
  });

  test('must certify once it has enough of them', () => {
    expect(said(judge(plan, traffic(30, 1, 50)))).toBe('extend UNCERTIFIED traffic @30');
    expect(said(judge(plan, traffic(30, 0, 50)))).toBe('promote CERTIFIED @30');
  });

  test('dominates where there is much traffic', () => {
    expect(said(judge(plan, traffic(9, 300, 6000)))).toBe('rollback EVIDENCE traffic @4');
  });
});

describe('the first reason', () => {
  const plan: Plan = { ...BENCH_PLAN_V1, probes: [LOGIN, { ...LOGIN, id: 'reflect' }] };
  const sick = pair(3, 3);
  const uncertified = pair(1, 0);
  const silent = pair(0, 0, 0);
  const misrouted = { canary: arm(0), stable: arm(20), misrouted: 20 };

  test.each<[string, Minute['probes'], string]>([
    ['a lost sample before a silent probe', { login: silent, reflect: misrouted }, 'hold MISROUTED reflect @30'],
    ['silence before a sick stable', { login: sick, reflect: silent }, 'hold NO_DATA reflect @30'],
    [
      'a sick stable before a missing certificate',
      { login: sick, reflect: uncertified },
      'hold ENV_DEGRADED login @30',
    ],
    ['of two equal ones, the first in the plan', { login: silent, reflect: silent }, 'hold NO_DATA login @30'],
  ])('is %s', (_, probes, verdict) => {
    expect(said(judge(plan, minutesOf(...times(30, probes))))).toBe(verdict);
  });
});

describe('misrouted samples', () => {
  const lost = (canary: number, misrouted: number) => ({ login: { canary: arm(canary), stable: arm(20), misrouted } });

  test('explain a gap only if they are at least half of it', () => {
    expect(said(judge(BENCH_PLAN_V1, minutesOf(...times(30, lost(10, 5)))))).toBe('hold MISROUTED login @30');
    expect(said(judge(BENCH_PLAN_V1, minutesOf(...times(30, lost(10, 4)))))).toBe('hold NO_DATA login @30');
  });

  test('count for neither arm', () => {
    const shown = judge(BENCH_PLAN_V1, minutesOf(...times(5, lost(20, 20)))).evidence.probes.login as RateEvidence;
    expect([shown.canary.n, shown.stable.n]).toEqual([100, 100]);
  });
});

describe('a plan that pauses at its hard stop', () => {
  const paused: Plan = { ...BENCH_PLAN_V1, onHardStop: 'pause' };
  const sickThenWell = [...times(45, { login: pair(1, 0) }), ...times(60, { login: pair(0, 0) })];

  test('leaves the promotion to a person, however well the release has become', () => {
    expect(said(judge(paused, minutesOf(...sickThenWell)))).toBe('hold CERTIFIED @105');
  });

  test('still rolls back', () => {
    const minutes = minutesOf(...times(50, { login: pair(1, 0) }), ...times(20, { login: pair(20, 0) }));
    expect(judge(paused, minutes)).toMatchObject({ verdict: 'rollback', probe: 'login' });
  });
});

test.each([
  ['no sample', { n: 0, breaches: 0, rate: 0 }, 0, 1],
  ['one good sample', { n: 1, breaches: 0, rate: 0 }, 0, 0.79345],
  ['one breach', { n: 1, breaches: 1, rate: 1 }, 0.20655, 1],
  ['all of ten', { n: 10, breaches: 10, rate: 1 }, 0.72247, 1],
])('the interval of a rate from %s', (...[, shown, low, high]) => {
  const { probes } = judge(BENCH_PLAN_V1, minutesOf({ login: pair(shown.breaches, 0, shown.n) })).evidence;
  const interval = [expect.closeTo(low, 4), expect.closeTo(high, 4)];
  expect((probes.login as RateEvidence).canary).toEqual({ ...shown, interval });
});

test('what is shown of an arm is its judged minutes, with the interval of its rate', () => {
  const minutes = cleanBut(5, (minute) => ({ login: pair(1, minute < 5 ? 2 : 0) }));
  expect(judge(DEFAULT_PLAN_V1, minutes).evidence.probes.login).toMatchObject({
    canary: { n: 40, breaches: 2, rate: 0.05, interval: [expect.closeTo(0.01382, 4), expect.closeTo(0.16504, 4)] },
    stable: { n: 40, breaches: 2, rate: 0.05 },
    muted: [4],
    unmuted: { n: 20, breaches: 1 },
    burnIn: { canary: { n: 60, breaches: 3 }, stable: { n: 60, breaches: 6 } },
  });
});

import { expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { reasonOf } from '../../../lambda/gate/reason';
import { AI, BENCH_PLAN, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan } from '../../../lib/model/gate-plan';
import { arm, cleanBut, minutesOf, pair, times } from '../../support/minutes';

const login = (count: number, breaches: (minute: number) => readonly [canary: number, stable: number]) =>
  minutesOf(...times(count, 0).map((_, i) => ({ login: pair(...breaches(i + 1)) })));
const wrongHash = { ai: { canary: arm(1, 0, 1), stable: arm(1), misrouted: 0 } };

test.each<[string, Plan, Minute[], string]>([
  [
    'a promotion says what is certified',
    { ...BENCH_PLAN_V1, probes: [LOGIN, AI] },
    minutesOf(...times(30, { login: pair(0, 0), ai: pair(0, 0, 1) })),
    'certified with 95 %: login below 8 % (0 % of 600), ai the same',
  ],
  [
    'a promotion leaves trouble that the stable had too out of what it certifies, and says so',
    BENCH_PLAN,
    login(30, (minute) => (minute >= 10 && minute <= 13 ? [12, 11] : [0, 0])),
    'certified with 95 %: login below 8 % (0 % of 480, without 4 minutes in which the stable was in trouble too; 8.57 % of 560 with them)',
  ],
  [
    'one minute of it is one minute',
    { ...BENCH_PLAN, probes: [{ ...LOGIN, pTol: 0.06, mustCatch: 0.1 }] },
    login(30, (minute) => (minute === 10 ? [19, 18] : [0, 0])),
    'certified with 95 %: login below 6 % (0 % of 540, without 1 minute in which the stable was in trouble too; 3.39 % of 560 with them)',
  ],
  [
    'trouble that spoils nothing is not worth a word',
    BENCH_PLAN,
    login(30, (minute) => (minute === 10 ? [2, 2] : [0, 0])),
    'certified with 95 %: login below 8 % (0.357 % of 560)',
  ],
  [
    'a hotfix is measured against the stable',
    { ...BENCH_PLAN, hotfix: true },
    login(30, () => [2, 6]),
    "certified with 95 %: login below 8 % or at less than twice the stable's odds (10 % of 560 against 30 % of 560)",
  ],
  [
    'real traffic that is too little to count is not passed off as proof',
    { ...BENCH_PLAN, probes: [LOGIN, TRAFFIC] },
    minutesOf(...times(30, { login: pair(0, 0), traffic: pair(0, 0, 1, 9) })),
    'certified with 95 %: login below 8 % (0 % of 560), traffic without a say (0 of 28, too few to tell)',
  ],
  [
    'a certificate that came after the hard stop waits for a person',
    { ...BENCH_PLAN, onHardStop: 'pause' },
    login(80, (minute) => (minute <= 45 ? [1, 0] : [0, 0])),
    'a person must promote it, after the hard stop; certified with 95 %: login below 8 % (2.76 % of 1560)',
  ],
  [
    'evidence says what was counted on both arms, from minute 1 on',
    DEFAULT_PLAN_V1,
    cleanBut(9, () => ({ login: pair(4, 0) })),
    'login: 20 of 100 in breach on the canary against 0 of 100 on the stable; E = 671, limit 100; decided in minute 5',
  ],
  [
    'an outage in the burn-in says what was counted there',
    DEFAULT_PLAN_V1,
    cleanBut(1, () => ({ login: pair(20, 0) })),
    'login: 20 of 20 in breach on the canary against 0 of 20 on the stable; E = 106000000, limit 100; decided in minute 1',
  ],
  [
    'a number beyond all numbers is told by its power of ten',
    BENCH_PLAN_V1,
    minutesOf({ login: pair(9_000_000, 0, 1e7) }),
    'login: 9000000 of 10000000 in breach on the canary against 0 of 10000000 on the stable; E = 10^3289649, limit 20; decided in minute 1',
  ],
  [
    'wrong answers are told by their minutes',
    DEFAULT_PLAN_V1,
    cleanBut(9, (minute) => (minute === 3 || minute > 7 ? wrongHash : {})),
    "ai: wrong answers in minutes 3, 8, 9, while the stable's were right; confirmed in minute 9",
  ],
  [
    'a hard failure of another kind says when it was confirmed',
    DEFAULT_PLAN_V1,
    cleanBut(2, () => ({ reflect: { canary: arm(10, 1, 1), stable: arm(10), misrouted: 0 } })),
    'reflect: failures that no environment excuses, such as a delivery made twice, while the stable had none; confirmed in minute 2',
  ],
  [
    'a bake says how long it takes',
    BENCH_PLAN_V1,
    login(4, () => [0, 0]),
    'nothing against it by minute 4; it bakes until minute 30',
  ],
  [
    'a missing certificate says how far it is',
    BENCH_PLAN_V1,
    login(30, () => [1, 0]),
    'login: 30 of 600 in breach do not show less than 8 %: certificate 17.7 over the whole, 2.72 over the tail, needed 20',
  ],
  [
    'an exact probe that has differed says so',
    DEFAULT_PLAN_V1,
    cleanBut(30, (minute) => (minute === 20 ? wrongHash : {})),
    'ai: answers have differed, and too lately or too often to promote',
  ],
  [
    'a sick stable is named as the cause',
    BENCH_PLAN_V1,
    login(30, () => [3, 3]),
    'login: the stable breaks its objective too (90 of 600 in breach, the canary 90 of 600), so less than 8 % cannot be shown; look at what both depend on',
  ],
  [
    'the bound that cannot be shown is that of the probe which is told of',
    { ...BENCH_PLAN_V1, alpha: 1e-9, probes: [LOGIN, { ...LOGIN, id: 'reflect', pTol: 0.1 }] },
    minutesOf(...times(30, { login: pair(0, 0), reflect: pair(3, 6) })),
    'reflect: the stable breaks its objective too (180 of 600 in breach, the canary 90 of 600), so less than 10 % cannot be shown; look at what both depend on',
  ],
  [
    'before the first minute there is nothing to say',
    BENCH_PLAN_V1,
    [],
    'too few samples came back: no minute has closed',
  ],
  [
    'early silence is told as such',
    BENCH_PLAN_V1,
    minutesOf({}, {}, {}),
    'login: too few samples came back: an arm has been silent for three minutes',
  ],
  [
    'missing samples are told as a share of the schedule',
    BENCH_PLAN_V1,
    minutesOf(...times(30, { login: pair(0, 0, 15) })),
    'login: too few samples came back: 75 % of the schedule over the whole, 75 % over the tail, needed 80 %',
  ],
  [
    'samples that reached another release are told apart from lost ones',
    BENCH_PLAN_V1,
    minutesOf(...times(30, { login: { canary: arm(10), stable: arm(20), misrouted: 10 } })),
    'login: samples were answered by neither release: 50 % of the schedule over the whole, 50 % over the tail, needed 80 %',
  ],
])('%s', (...[, plan, minutes, reason]) => {
  expect(reasonOf(plan, judge(plan, minutes))).toBe(reason);
});

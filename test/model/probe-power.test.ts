import { describe, expect, test } from '@jest/globals';
import { chanceToCertify } from '../../lib/model/evidence/certifiable';
import { smallestFound } from '../../lib/model/evidence/detection';
import { chanceAtBake, chanceAtStop, exactPower, MULTIPLES, powerCurve } from '../../lib/model/evidence/probe-power';
import { AI, DEFAULT_PLAN, IMPORT, LOGIN } from '../../lib/model/gate-defaults';
import { DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';

/** Few samples, so that each minute of a burst is seen in the chance. */
const RARE = { ...LOGIN, perMinute: 6 };

describe('the chance that a typical release is certified by the hard stop', () => {
  const goal = { ...RARE, beta: DEFAULT_PLAN_V1.beta };
  const lateFrom = (lateFromMin: number) =>
    chanceAtStop({ ...DEFAULT_PLAN_V1, burst: { ...DEFAULT_PLAN_V1.burst, lateFromMin } }, RARE);

  test.each([
    ['none where it is late only after the end', 1000, 6 * 42, 6 * 15],
    ['none in the minute after the last', 46, 6 * 42, 6 * 15],
    ['one in the last minute', 45, 6 * 41 + 18, 6 * 14 + 18],
    ['all of the tail, and some before', 21, 6 * 17 + 18 * 25, 18 * 15],
    ['all that is judged', 1, 18 * 42, 18 * 15],
  ])('counts the late bursts: %s', (...[, lateFromMin, whole, tail]) => {
    expect(lateFrom(lateFromMin)).toBeCloseTo(chanceToCertify(goal, whole) * chanceToCertify(goal, tail), 12);
  });
});

describe('the chance that a typical release is promoted at the end of the bake', () => {
  test('counts the bursts that are sent in any case', () => {
    const goal = { ...RARE, beta: DEFAULT_PLAN.beta };
    const plan = { ...DEFAULT_PLAN, recent: { minutes: 5, evidence: 1e12 } };
    // Minutes 3 to 5 and 26 to 30 burst; 6 to 25 do not.
    const expected = chanceToCertify(goal, 18 * 8 + 6 * 20) * chanceToCertify(goal, 18 * 5 + 6 * 10);
    expect(chanceAtBake(plan, RARE)).toBeCloseTo(expected, 12);
  });

  test('is none where not even a clean end may be promoted', () => {
    expect(chanceAtBake({ ...DEFAULT_PLAN, recent: { minutes: 5, evidence: 1e-12 } }, LOGIN)).toBe(0);
  });
});

test.each([
  ['four times the objective', LOGIN, [0.05, 0.1, 0.15, 0.2]],
  ['half over what must be caught', IMPORT, [0.1875, 0.375, 0.5625, 0.75]],
  ['nearly all', { ...IMPORT, mustCatch: 0.9 }, [0.2375, 0.475, 0.7125, 0.95]],
])('the power curve goes from all but none to %s', (_, probe, rates) => {
  const curve = powerCurve(DEFAULT_PLAN, probe, 4);
  expect(curve.map(({ p }) => Number(p.toFixed(4)))).toEqual(rates);
});

test('no rate is the smallest that is found where none is', () => {
  const plan = { ...DEFAULT_PLAN_V1, alpha: 1e-300 };
  expect(smallestFound(plan, { ...LOGIN, perMinute: 1, burst: 1 })).toBe(Infinity);
});

test('a plan is told in the multiples that people ask for', () => {
  expect(MULTIPLES).toEqual([1.5, 2, 4, 10]);
});

test('an exact probe promises what it sees at all', () => {
  expect(exactPower(DEFAULT_PLAN, AI).promise).toBe('sees at least one wrong answer, with 95 %, if 9.5 % of them are');
});

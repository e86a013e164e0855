import { describe, expect, test } from '@jest/globals';
import { certificateFor } from '../../lib/model/evidence/certificate';
import { lnAbs, lnNonInferior, lnRel } from '../../lib/model/evidence/e-values';
import { alternatives } from '../../lib/model/evidence/lanes';
import { LanesV1 } from '../../lib/model/evidence/lanes-v1';
import { logAddExp, logSumExp } from '../../lib/model/evidence/log-space';
import { LOGIN } from '../../lib/model/gate-defaults';
import { BENCH_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import { expectClose } from '../support/verdicts';

const Q = alternatives(0.05);

const counts = (breaches: number, n: number) => ({ n, breaches });
const both = (xC: number, nC: number, xS: number, nS: number) => ({ canary: counts(xC, nC), stable: counts(xS, nS) });

test('the sizes of harm it bets on, at an objective of 5 %', () => {
  const expected = [0.0799031, 0.12037, 0.181034, 0.280303, 0.449275, 0.75, 0.969305];
  for (const [j, q] of Q.entries()) expectClose(q, expected[j]!);
});

test.each<[string, number, number]>([
  ['absolute evidence, 3 of 20', lnAbs(Q[1]!, 0.05, counts(3, 20)), 1.32731],
  ['absolute evidence, 600 000 of ten million', lnAbs(Q[1]!, 0.05, counts(600_000, 1e7)), -196304],
  ['relative evidence, 3 of 20 against none', lnRel(Q[1]!, 0.02, both(3, 20, 0, 20)), 1.72641],
  ['relative evidence of arms of different size', lnRel(Q[2]!, 0.02, both(6, 60, 5, 540)), 6.78584],
  ['certificate, 2 of 300', certificateFor(0.08)(counts(2, 300)), 16.4949],
  ['certificate of a looser bound, 0 of 30', certificateFor(0.25)(counts(0, 30)), 7.17167],
  ['non-inferiority, 3 of 20 against 4', lnNonInferior(both(3, 20, 4, 20)), 0.698073],
  ['non-inferiority, 0 of 20 against 6', lnNonInferior(both(0, 20, 6, 20)), 2.38952],
])('%s', (_, actual, expected) => {
  expectClose(actual, expected);
});

describe('the first minute, 10 of 20 against none', () => {
  const minute = both(10, 20, 0, 20);

  test('absolute evidence for each size of harm', () => {
    const expected = [4.36809, 8.01589, 11.3824, 14.4622, 16.5039, 13.7305, -4.67816];
    for (const [j, q] of Q.entries()) expectClose(lnAbs(q, 0.05, minute.canary), expected[j]!);
  });

  test('relative evidence for each size of harm', () => {
    const expected = [4.99806, 5.89086, 6.66046, 7.42988, 8.14885, 6.98529, -8.0382];
    for (const [j, q] of Q.entries()) expectClose(lnRel(q, 0.02, minute), expected[j]!);
  });

  test('evidence of an outage', () => {
    const abs = [1.64303, 1.33531, -2.71934, -19.7637];
    const rel = [8.15058, 8.16852, 6.01509, -8.24634];
    for (const [i, u] of [0.45, 0.6, 0.8, 0.97].entries()) {
      expectClose(lnAbs(u, 0.3, minute.canary), abs[i]!);
      expectClose(lnRel(u, 0.02, minute), rel[i]!);
    }
  });

  test('what each bet is worth after it, capped so that one minute cannot decide', () => {
    const lanes = new LanesV1(BENCH_PLAN_V1, LOGIN);
    lanes.fold(minute, false);
    const main = [-0.709409, -0.804719, -0.967238, -1.16139, -1.40256, -1.60323];
    for (const [j, value] of main.entries()) expectClose(lanes.mainAbs.lnWorths[j]!, value);
    for (const [i, value] of [0.256736, -0.0509804, -4.10563, -21.15].entries()) {
      expectClose(lanes.outageAbsBets.lnWorths[i]!, value);
    }
  });
});

describe('an arm without a sample', () => {
  test('tells nothing in comparison with the other', () => {
    expect(lnRel(0.5, 0.1, both(0, 0, 3, 20))).toBe(0);
    expect(lnRel(0.5, 0.1, both(3, 20, 0, 0))).toBe(0);
    expect(lnNonInferior(both(0, 0, 3, 20))).toBe(0);
    expect(lnNonInferior(both(3, 20, 0, 0))).toBe(0);
  });

  test('tells nothing of its own', () => {
    expect(lnAbs(0.5, 0.1, counts(0, 0))).toBe(0);
    expect(certificateFor(0.08)(counts(0, 0))).toBeCloseTo(0, 12);
  });
});

test('non-inferiority needs a breach somewhere, and one is enough', () => {
  expect(lnNonInferior(both(0, 20, 0, 20))).toBe(0);
  expect(lnNonInferior(both(0, 20, 1, 20))).toBeCloseTo(Math.log(1.5), 12);
  expect(lnNonInferior(both(1, 20, 0, 20))).toBeCloseTo(Math.log(0.75), 12);
  expect(lnNonInferior(both(0, 1, 1, 1))).toBeCloseTo(Math.log(1.5), 12);
});

test.each([
  ['as good', both(500_000, 1e7, 500_000, 1e7), 56_098.5604],
  ['twice as bad', both(655_000, 1e7, 345_000, 1e7), -51_339.2525],
])('non-inferiority of ten million samples, %s', (_, minute, expected) => {
  expectClose(lnNonInferior(minute), expected);
});

describe('sums of logs', () => {
  test('nothing added to nothing is nothing', () => {
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([])).toBe(-Infinity);
  });

  test('hold where the numbers themselves would not', () => {
    expect(logAddExp(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 10);
    expect(logAddExp(-Infinity, -1e9)).toBe(-1e9);
    expect(logSumExp([-1e6, -1e6, -1e6])).toBeCloseTo(-1e6 + Math.log(3), 8);
  });
});

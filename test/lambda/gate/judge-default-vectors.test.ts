import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, RateEvidence } from '../../../lib/model/gate-plan';
import { arm, cleanBut, minutesOf, pair, times } from '../../support/minutes';
import { expectClose, said } from '../../support/verdicts';

const wrongHash = { ai: { canary: arm(1, 0, 1), stable: arm(1), misrouted: 0 } };
const bothWrong = { ai: { canary: arm(1, 0, 1), stable: arm(1, 0, 1), misrouted: 0 } };
const at = (minutes: readonly number[], trouble: Minute['probes']) => (minute: number) =>
  minutes.includes(minute) ? trouble : {};
const from = (first: number, trouble: Minute['probes']) => (minute: number) => (minute >= first ? trouble : {});
const empty = (count: number): Minute[] => minutesOf(...times(count, {}));
const thenEmpty = (clean: number, total: number): Minute[] =>
  cleanBut(total).map(({ minute, probes }) => ({ minute, probes: minute <= clean ? probes : {} }));
const lost = { login: { canary: arm(0), stable: arm(20), misrouted: 20 } };
const withoutReflect = cleanBut(30).map(({ minute, probes: { reflect, ...rest } }) => ({ minute, probes: rest }));

describe('under the default plan', () => {
  test.each<[string, Minute[], string, number]>([
    ['D1: nothing wrong', cleanBut(30), 'promote CERTIFIED @30', 0.155892],
    ['D2: the hash is wrong twice in a row', cleanBut(30, at([7, 8], wrongHash)), 'rollback HARD ai @8', 0.380437],
    ['D3: it is wrong in minutes 7 and 9', cleanBut(30, at([7, 9], wrongHash)), 'extend UNCERTIFIED ai @30', 0.155892],
    ['D3, at the hard stop', cleanBut(45, at([7, 9], wrongHash)), 'rollback UNCERTIFIED ai @45', 0.0107263],
    ['D4: it is wrong once, early', cleanBut(30, at([7], wrongHash)), 'promote CERTIFIED @30', 0.155892],
    ['D5: it is wrong once, in the tail', cleanBut(34, at([20], wrongHash)), 'extend UNCERTIFIED ai @34', 0.117119],
    ['D5, once the tail is clean', cleanBut(45, at([20], wrongHash)), 'promote CERTIFIED @35', 0.107436],
    ['D6: it is wrong on both arms', cleanBut(30, at([7, 8], bothWrong)), 'promote CERTIFIED @30', 0.155892],
    ['D8: 2 empty minutes', empty(2), 'extend BAKING @2', 0.940278],
    ['D8: 3 empty minutes', empty(3), 'hold NO_DATA login @3', 0.941667],
    ['D8: 30 empty minutes', empty(30), 'hold NO_DATA login @30', 0.979167],
    ['D9: 45 empty minutes', empty(45), 'rollback NO_DATA login @45', 1],
    ['D10: silent from minute 26 on', thenEmpty(25, 30), 'hold NO_DATA login @30', 0.21147],
    ['D10, at the hard stop', thenEmpty(25, 45), 'rollback NO_DATA login @45', 0.232303],
    ['D12: the canary is never measured', cleanBut(5, from(1, lost)), 'hold MISROUTED login @5', 0.588683],
    ['D12, at the end of the bake', cleanBut(30, from(1, lost)), 'hold MISROUTED login @30', 0.405277],
    ['D12, at the hard stop', cleanBut(45, from(1, lost)), 'rollback MISROUTED login @45', 0.309827],
    ['D13: reflect never reports', withoutReflect, 'hold NO_DATA reflect @30', 0.4038],
    ['D14: a cold start', cleanBut(30, at([1, 2], { login: pair(6, 0) })), 'promote CERTIFIED @30', 0.155892],
    ['D15: login fails a fifth, minute 4', cleanBut(4, from(1, { login: pair(4, 0) })), 'extend BAKING @4', 71.9864],
    ['D15, minute 5', cleanBut(9, from(1, { login: pair(4, 0) })), 'rollback EVIDENCE login @5', 670.603],
    [
      'D16: every other import is stuck',
      cleanBut(15, from(1, { import: pair(1, 0, 2) })),
      'rollback EVIDENCE import @11',
      176.783,
    ],
    ['D17: a dead release', cleanBut(5, from(1, { login: pair(20, 0) })), 'rollback OUTAGE login @1', 1.06184e8],
    [
      'D18: an outage of both arms',
      cleanBut(30, at([11, 12, 13], { login: pair(20, 20) })),
      'promote CERTIFIED @30',
      0.155892,
    ],
    ['D19: errors of 7 %', cleanBut(15, from(1, { success: pair(2, 0, 30) })), 'rollback EVIDENCE success @7', 322.636],
  ])('%s', (_, minutes, verdict, E) => {
    const answer = judge(DEFAULT_PLAN_V1, minutes);
    expect(said(answer)).toBe(verdict);
    expectClose(answer.evidence.E, E);
  });

  test('D1: each probe shows its own evidence', () => {
    const { probes } = judge(DEFAULT_PLAN_V1, cleanBut(30)).evidence;
    const E = (id: string) => (probes[id] as RateEvidence).E;
    expectClose(E('login'), 0.147883);
    expectClose(E('reflect'), 0.152808);
    expectClose(E('import'), 0.17205);
    expectClose(E('success'), 0.159509);
  });

  test('D7: no closed minute holds, for want of data', () => {
    expect(said(judge(DEFAULT_PLAN_V1, []))).toBe('hold NO_DATA @0');
  });

  test('D9: a plan that pauses at its hard stop holds there', () => {
    expect(said(judge({ ...DEFAULT_PLAN_V1, onHardStop: 'pause' }, empty(45)))).toBe('hold NO_DATA login @45');
  });

  test('D11: three silent minutes of a tail of fifteen are covered', () => {
    const minutes = cleanBut(30).map(({ minute, probes }) => ({
      minute,
      probes: minute >= 26 && minute <= 28 ? {} : probes,
    }));
    const answer = judge(DEFAULT_PLAN_V1, minutes);
    expect(said(answer)).toBe('promote CERTIFIED @30');
    expectClose(answer.evidence.E, 0.161637);
  });
});

import { describe, expect, test } from '@jest/globals';
import { judge, judgeFinalBake } from '../../../lambda/gate/judge';
import { replay, replayFinalBake } from '../../../lambda/gate/replay';
import { BENCH_PLAN } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import { cleanBut, minutesOf, pair, times } from '../../support/minutes';
import { said } from '../../support/verdicts';

const trouble = (minute: number) => ({
  login: pair(minute % 5 === 0 ? 2 : 0, minute % 3 === 0 ? 1 : 0),
  success: pair(minute % 7 === 0 ? 1 : 0, 0, 30),
});

test.each([
  ['a release that bakes, waits and is promoted', DEFAULT_PLAN_V1, cleanBut(45, trouble)],
  ['a release that is rolled back', BENCH_PLAN_V1, minutesOf(...times(12, { login: pair(4, 0) }))],
  ['a hotfix', { ...BENCH_PLAN_V1, hotfix: true }, minutesOf(...times(32, { login: pair(3, 3) }))],
])('%s: a replay says in each minute what the judge said then, to the last bit', (_, plan, minutes) => {
  const verdicts = replay(plan, minutes);
  expect(verdicts).toHaveLength(minutes.length);
  for (const [i, verdict] of verdicts.entries()) expect(verdict).toEqual(judge(plan, minutes.slice(0, i + 1)));
});

test('from the final minute on, the answer stays', () => {
  const verdicts = replay(BENCH_PLAN_V1, minutesOf(...times(6, { login: pair(10, 0) })));
  expect(verdicts.map(said)).toEqual([
    'extend BAKING @1',
    'extend BAKING @2',
    ...times(4, 'rollback EVIDENCE login @3'),
  ]);
});

test('no minute, no verdict', () => {
  expect(replay(BENCH_PLAN_V1, [])).toEqual([]);
});

test('another plan gives another answer to the same minutes', () => {
  const minutes = minutesOf(...times(30, { login: pair(1, 0) }));
  const lenient = { ...BENCH_PLAN_V1, probes: BENCH_PLAN_V1.probes.map((probe) => ({ ...probe, pTol: 0.12 })) };
  expect(replay(BENCH_PLAN_V1, minutes).map(said).at(-1)).toBe('extend UNCERTIFIED login @30');
  expect(replay(lenient, minutes).map(said).at(-1)).toBe('promote CERTIFIED @30');
});

test('a recording that cannot be judged is refused as a whole', () => {
  expect(() => replay(BENCH_PLAN_V1, [{ minute: 2, probes: {} }])).toThrow('minutes[0].minute: expected 1, got 2');
});

describe('a replay of the final bake', () => {
  const minutes = minutesOf(...times(30, { login: pair(0, 0) }), ...times(12, { login: pair(20, 0, 60, 0) }));

  test('has the evidence of each minute after the promotion, up to the one that takes it back', () => {
    const evidence = replayFinalBake(BENCH_PLAN, minutes, 30);
    expect(evidence.map(({ minute }) => minute)).toEqual([31, 32, 33, 34, 35, 36, 37, 38]);
    expect(evidence.at(-1)).toEqual(judgeFinalBake(BENCH_PLAN, minutes, 30)!.evidence);
  });

  test('is empty where no minute followed', () => {
    expect(replayFinalBake(BENCH_PLAN, minutes.slice(0, 30), 30)).toEqual([]);
  });
});

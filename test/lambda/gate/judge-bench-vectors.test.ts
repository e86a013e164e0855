import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Minute, Plan } from '../../../lib/model/gate-plan';
import { minutesOf, pair, times } from '../../support/minutes';
import { expectFigures, said } from '../../support/verdicts';

const login = (...counts: readonly [canary: number, stable: number, n?: number][]): Minute[] =>
  minutesOf(...counts.map(([canary, stable, n]) => ({ login: pair(canary, stable, n) })));

/** One breach on the canary in even minutes, one on the stable in every fourth. */
const SPARSE: readonly [number, number][] = [
  [0, 0],
  [1, 0],
  [0, 0],
  [1, 1],
];

const WITH_TRAFFIC: Plan = {
  ...BENCH_PLAN_V1,
  probes: [
    { ...LOGIN, weight: 0.5 },
    { ...TRAFFIC, weight: 0.5 },
  ],
};

const HOTFIX: Plan = { ...BENCH_PLAN_V1, hotfix: true };

function repeat(count: number, canary: number, stable: number, n?: number): [number, number, number?][] {
  return times(count, [canary, stable, n]);
}

describe('under the benchmark plan', () => {
  test.each<[name: string, plan: Plan, minutes: Minute[], verdict: string, figures: string]>([
    [
      'B1',
      BENCH_PLAN_V1,
      login([0, 0]),
      'extend BAKING @1',
      '0.496678 -0.537654 -0.187807 -6.73107 -3.45411 1.16539 1.16539',
    ],
    [
      'B2',
      BENCH_PLAN_V1,
      login(...repeat(30, 0, 0)),
      'promote CERTIFIED @30',
      '0.147883 -1.74883 -1.16705 -10.8819 -7.5238 46.8084 22.6141',
    ],
    [
      'B3',
      BENCH_PLAN_V1,
      login(...times(7, SPARSE).flat(), [0, 0], [1, 0]),
      'promote CERTIFIED @30',
      '0.152018 -1.72127 -1.37374 -10.2338 -6.47607 15.0071 6.48402',
    ],
    [
      'B4a',
      BENCH_PLAN_V1,
      login([10, 0]),
      'extend BAKING @1',
      '2.39346 0.947738 0.947617 0.291887 7.00011 -4.33625 -4.33625',
    ],
    [
      'B4b',
      BENCH_PLAN_V1,
      login([10, 0], [10, 0]),
      'extend BAKING @2',
      '9.279 2.28604 2.28604 1.81209 15.1709 -7.10052 -7.10052',
    ],
    [
      'B4c',
      BENCH_PLAN_V1,
      login(...repeat(20, 10, 0)),
      'rollback EVIDENCE login @3',
      '40.288 3.74542 3.74542 3.35812 23.5107 -9.77523 -9.77523',
    ],
    [
      'B5',
      BENCH_PLAN_V1,
      login(...repeat(9, 0, 0), [12, 12]),
      'extend BAKING @10',
      '0.338068 -0.884443 -0.921989 -1.80145 -44.1826 12.3664 12.3664',
    ],
    [
      'B6',
      BENCH_PLAN_V1,
      login(...repeat(9, 0, 0), [12, 12], ...repeat(20, 0, 0)),
      'promote CERTIFIED @30',
      '0.147883 -1.74883 -1.36478 -10.8819 -7.40595 44.4977 22.6141',
    ],
    [
      'B7',
      BENCH_PLAN_V1,
      login(...repeat(9, 0, 0), [6, 0], ...repeat(20, 0, 0)),
      'promote CERTIFIED @30',
      '0.147883 -1.74883 -0.567645 -10.8819 -7.5238 29.4461 22.6141',
    ],
    [
      'B8a',
      BENCH_PLAN_V1,
      login(...repeat(15, 0, 0), ...repeat(6, 3, 0)),
      'extend BAKING @21',
      '17.4745 3.02326 7.26876 -8.88429 2.38495 3.40274 -0.378951',
    ],
    [
      'B8b',
      BENCH_PLAN_V1,
      login(...repeat(15, 0, 0), ...repeat(15, 3, 0)),
      'rollback EVIDENCE login @22',
      '63.9062 4.31994 8.76586 -8.88429 3.71816 2.36744 -1.55196',
    ],
    [
      'B9',
      BENCH_PLAN_V1,
      login(...repeat(30, 3, 3)),
      'hold ENV_DEGRADED login @30',
      '0.172451 -0.253455 -1.59524 -8.88429 -7.44767 -0.693147 -0.693051',
    ],
    [
      'B10',
      BENCH_PLAN_V1,
      login(...repeat(45, 3, 3)),
      'rollback ENV_DEGRADED login @45',
      '0.0275662 -0.314585 -3.4294 -8.88429 -7.43728 -0.693147 -0.693051',
    ],
    [
      'B11',
      HOTFIX,
      login(...repeat(30, 3, 3)),
      'promote CERTIFIED @30',
      '0.172451 -0.253455 -1.59524 -8.88429 -7.44767 8.60917 3.96275',
    ],
    [
      'B12',
      BENCH_PLAN_V1,
      login(...repeat(30, 0, 6)),
      'promote CERTIFIED @30',
      '0.146108 -1.74883 -1.76091 -10.8819 -8.86046 46.1152 21.9209',
    ],
    [
      'B13',
      BENCH_PLAN_V1,
      login(...repeat(45, 2, 6)),
      'rollback ENV_DEGRADED login @45',
      '0.0023293 -0.821152 -5.9042 -9.56309 -8.00833 -0.693112 -0.682926',
    ],
    [
      'B14',
      HOTFIX,
      login(...repeat(30, 2, 6)),
      'promote CERTIFIED @30',
      '0.147216 -0.613611 -1.75341 -9.56309 -8.01121 52.5938 25.9503',
    ],
    [
      'B15',
      BENCH_PLAN_V1,
      login(...repeat(30, 1, 0)),
      'extend UNCERTIFIED login @30',
      '0.163279 -1.64981 17.4615 -10.2265 -6.03577 2.87617 1.00161',
    ],
    [
      'B16',
      BENCH_PLAN_V1,
      login(...repeat(45, 1, 0)),
      'rollback UNCERTIFIED login @45',
      '0.017346 -3.89219 27.032 -10.2265 -6.03577 4.83709 1.00161',
    ],
    [
      'B17',
      BENCH_PLAN_V1,
      login(...repeat(3, 600_000, 200_000, 1e7)),
      'extend BAKING @3',
      '0.405682 -0.739667 2.96409 -2.02365e6 -777348 88645.5 88645.5',
    ],
    [
      'B18',
      BENCH_PLAN_V1,
      login(...repeat(9, 900_000, 200_000, 1e7)),
      'rollback EVIDENCE login @4',
      '72.2582 4.44276 4.99322 -1.82966e6 -483462 -252831 -252831',
    ],
  ])('%s', (...[, plan, minutes, verdict, figures]) => {
    const answer = judge(plan, minutes);
    expect(said(answer)).toBe(verdict);
    expectFigures(answer, 'login', figures);
  });

  test('B19: real traffic decides beside a login probe that sees nothing', () => {
    const minutes = minutesOf(...times(9, { login: pair(0, 0), traffic: pair(3, 1, 60, 540) }));
    const answer = judge(WITH_TRAFFIC, minutes);
    expect(said(answer)).toBe('rollback EVIDENCE traffic @4');
    expectFigures(answer, 'traffic', '48.1318 4.72538 5.13429 -18.5983 -8.87336 -3.3039 -3.3039');
  });
});

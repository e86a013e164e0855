import { describe, expect, test } from '@jest/globals';
import { barsOf, missesOf } from '../../bench/gate/bars';
import { divergence, leastSamples } from '../../bench/gate/bound';
import { CELLS, GATE } from '../../bench/gate/cells';
import { gatePolicy } from '../../bench/gate/gate-policy';
import { benchmarkPage } from '../../bench/gate/page';
import { svgOf } from '../../bench/gate/plot';
import { plotsOf } from '../../bench/gate/plots';
import type { SimMinute } from '../../bench/gate/policy';
import { drawBetween, drawFrom, drawNormal } from '../../bench/gate/random';
import { type CellResult, type PolicyResult, runCell } from '../../bench/gate/run-cell';
import { SCENARIOS } from '../../bench/gate/scenarios';
import { asText, tablesOf } from '../../bench/gate/tables';
import { chanceOf, drawArm, normalQuantile } from '../../bench/gate/world';
import { slowness } from '../../bench/judge-speed';
import { ratesFor } from '../../lambda/gate/rates';
import { BENCH_PLAN } from '../../lib/model/gate-defaults';
import type { Minute } from '../../lib/model/gate-plan';

const cellOf = (name: string) => CELLS.find((cell) => cell.name === name)!;

describe('a cell', () => {
  const cell = cellOf('steady .10, n 20');

  test('gives the same result for the same seed, and another for another', () => {
    const result = runCell(cell, { runs: 20, seed: 1 });
    expect(runCell(cell, { runs: 20, seed: 1 })).toEqual(result);
    expect(runCell(cell, { runs: 20, seed: 2 })).not.toEqual(result);
  });

  test('shows every policy the same requests, whoever else looks on', () => {
    const alone = { ...cell, policies: [cell.policies.at(-1)!] };
    const together = runCell(cell, { runs: 1, seed: 3 }).results.at(-1);
    expect(runCell(alone, { runs: 1, seed: 3 }).results).toEqual([together]);
  });

  test('counts each release once', () => {
    for (const { promoted, rolledBack, inconclusive } of runCell(cell, { runs: 25, seed: 1 }).results)
      expect(promoted + rolledBack + inconclusive).toBeCloseTo(1, 12);
  });

  test('counts bad requests on the canary until the rollback, and of everybody after a promotion', () => {
    const one = runCell(cell, { runs: 1, seed: 1 }).results[0]!;
    expect(one.badRequests).toBeCloseTo(60 * 0.1 * one.medianMin!, 9);
    const baked = cellOf('final bake .05, n 20');
    const promoted = runCell(baked, { runs: 1, seed: 1 }).results[0]!;
    expect(promoted).toMatchObject({ promoted: 1 });
    expect(promoted.badRequests).toBeCloseTo(0.05 * (30 * 60 + 10 * 600), 9);
  });
});

describe('the gate in the benchmark', () => {
  /** Minutes in which all the canary's requests breach. */
  function* dreadful(n: number): Generator<SimMinute> {
    const draw = drawFrom('dreadful');
    for (let minute = 1; ; minute++) {
      const arm = (own: number) => drawArm(draw, n, { own, environment: 0 });
      yield { minute, probes: { login: { canary: arm(0.2), stable: arm(0.01) } } };
    }
  }

  test('is measured at the rates it asks for, from the minute after on', () => {
    const plan = { ...BENCH_PLAN, alpha: 1e-9 };
    const run = gatePolicy('gate', () => plan).open({ login: 20 });
    const seen: Minute[] = [];
    for (const simulated of dreadful(20)) {
      const asked = ratesFor(plan, seen).login!;
      const before = run.sentToCanary;
      run.see(simulated);
      expect(run.sentToCanary - before).toBe(asked);
      const { canary, stable } = simulated.probes.login!;
      const take = (arm: typeof canary) => ({ n: asked, breaches: arm.breachesOf(asked), hard: 0 });
      seen.push({
        minute: simulated.minute,
        probes: { login: { canary: take(canary), stable: take(stable), misrouted: 0 } },
      });
      if (simulated.minute === 12) return;
    }
  });
});

describe('simulated requests', () => {
  test('are slow as often as they are said to be', () => {
    const draw = drawFrom('requests');
    for (const chances of [
      { own: 0.05, environment: 0 },
      { own: 0.03, environment: 0.3 },
    ]) {
      const arm = drawArm(draw, 20_000, chances);
      expect(arm.slow / arm.n).toBeCloseTo(chanceOf(chances), 2);
      expect((arm.breachesOf(60_000) - arm.slow) / 40_000).toBeCloseTo(chanceOf(chances), 2);
    }
  });

  test('are taken in order: a larger sample holds the smaller one', () => {
    const arm = drawArm(drawFrom('order'), 20, { own: 0.3, environment: 0 });
    const breaches = Array.from({ length: 61 }, (_, size) => arm.breachesOf(size));
    expect(breaches[20]).toBe(arm.slow);
    for (let size = 1; size <= 60; size++) expect([0, 1]).toContain(breaches[size]! - breaches[size - 1]!);
  });

  test('come from a generator whose numbers are even, and whose normal ones are normal', () => {
    const draw = drawFrom('even');
    const tenths = Array.from({ length: 20_000 }, () => Math.floor(10 * draw()));
    for (let tenth = 0; tenth < 10; tenth++)
      expect(tenths.filter((one) => one === tenth).length / 20_000).toBeCloseTo(0.1, 1.8);
    const between = Array.from({ length: 1000 }, () => drawBetween(draw, 3, 5));
    expect([...new Set(between)].sort()).toEqual([3, 4, 5]);
    const normals = Array.from({ length: 20_000 }, () => drawNormal(draw));
    expect(normals.filter((z) => z < normalQuantile(0.95)).length / 20_000).toBeCloseTo(0.95, 2);
  });

  test.each([
    [0.5, 0],
    [0.975, 1.959964],
    [0.99, 2.326348],
    [0.001, -3.090232],
  ])('rest on the normal quantile of %d: %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 6);
  });
});

test('scenarios are what their names say', () => {
  const open = (name: string) => SCENARIOS.find((one) => one.name === name)!.open(drawFrom(name));
  const chances = (name: string, minutes: readonly number[]) => {
    const world = open(name);
    return minutes.map((minute) =>
      [chanceOf(world.canary(minute)), chanceOf(world.stable(minute))].map((p) => Number(p.toFixed(4))),
    );
  };
  expect(chances('leak at 15 .10', [15, 16])).toEqual([
    [0.01, 0.01],
    [0.1, 0.01],
  ]);
  expect(chances('cold start .03', [2, 3])).toEqual([
    [0.321, 0.01],
    [0.03, 0.01],
  ]);
  expect(chances('sick dependency .12', [1])).toEqual([[0.12, 0.12]]);
  const minutes = Array.from({ length: 30 }, (_, i) => i + 1);
  const troubled = (name: string) => chances(name, minutes).filter(([, stable]) => stable! > 0.011);
  expect(troubled('mixed innocence .04')).toEqual(Array.from({ length: 20 }, () => [0.088, 0.0595]));
  expect(troubled('blip .03')).toHaveLength(2);
  expect(troubled('shared outage .03')).toHaveLength(5);
  expect(troubled('hiccup .03')).toHaveLength(0);
});

describe('bars', () => {
  const result = (changes: Partial<PolicyResult>): CellResult => ({
    cell: 'steady .10, n 20',
    results: [
      {
        ...{ policy: GATE, runs: 3000, promoted: 0, rolledBack: 1, inconclusive: 0 },
        ...{ medianMin: 8, badRequests: 50, badRequestsError: 1, sent: 0, sentToCanary: 0, ...changes },
      },
    ],
  });

  test('every good release has one, and every bad one that is not named as open', () => {
    for (const cell of CELLS.filter(({ kind }) => kind === 'good'))
      expect(barsOf(cell).some(({ figure }) => figure === 'rolledBack')).toBe(true);
    const unbarred = CELLS.filter((cell) => cell.kind === 'bad' && cell.quick && barsOf(cell).length === 0);
    expect(unbarred.map(({ name }) => name)).toEqual([
      'leak at 25 .08, n 20',
      'leak at 25 .10, n 20',
      'final bake, leak at 25 .08, n 20',
      'final bake, leak at 30 .10, n 20',
    ]);
  });

  test('name cells that exist', () => {
    const named = CELLS.flatMap(barsOf).length;
    expect(named).toBeGreaterThan(100);
    for (const name of ['release import .50', 'traffic .10, 600:5400 a minute', 'hotfix mode, no better .12, n 20'])
      expect(barsOf(cellOf(name)).length).toBeGreaterThan(0);
  });

  test('are missed by more than chance only', () => {
    expect(missesOf(result({}), false)).toEqual([]);
    expect(missesOf(result({ promoted: 0.005 + 3 * 0.00129 }), false)).toEqual([]);
    expect(missesOf(result({ promoted: 0.01 }), false)).toMatchObject([{ figure: 'promoted', most: 0.005, got: 0.01 }]);
  });

  test('hold a median to the minute, and to one more where the runs are few', () => {
    expect(missesOf(result({ medianMin: 9 }), false)).toMatchObject([{ figure: 'medianMin', most: 8, got: 9 }]);
    expect(missesOf(result({ medianMin: 9 }), true)).toEqual([]);
    expect(missesOf(result({ medianMin: null }), true)).toMatchObject([{ figure: 'medianMin', got: null }]);
  });
});

describe('the bound that no rule beats', () => {
  test.each([
    [0.06, 3020, 4642],
    [0.08, 371, 570],
    [0.1, 145, 223],
    [0.2, 21, 33],
  ])('at %d against an objective of .05: %d samples at .05, %d at .01', (p, at05, at01) => {
    expect(Math.round(leastSamples(p, 0.05, 0.05))).toBe(at05);
    expect(Math.round(leastSamples(p, 0.05, 0.01))).toBe(at01);
  });

  test('is none of a release at its objective', () => {
    expect(divergence(0.05, 0.05)).toBe(0);
    expect(divergence(0, 0.5)).toBeCloseTo(Math.LN2, 12);
  });
});

describe('what is shown', () => {
  const cells = ['steady .03, n 20', 'steady .10, n 20', 'steady .50, n 20', 'release good'].map((name) =>
    runCell(cellOf(name), { runs: 4, seed: 5 }),
  );

  test('is a table of every figure, with the bars beside it', () => {
    const text = tablesOf(cells).map(asText).join('\n');
    expect(text).toMatch(/steady \.10, n 20 +promoted ≤ 0\.5 %, minute ≤ 8, bad ≤ 70/);
    expect(text).toContain('CloudWatch 3 of 5');
    expect(text).toMatch(/steady \.10, n 20 +145 /);
  });

  test('is a page that stands alone', () => {
    const page = benchmarkPage({ seed: 5, runs: 4, isQuick: true, cells }, []);
    expect(page).toContain('4 of 4 cells hold their bars');
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(page).not.toMatch(/<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  });

  test('is pictures whose points lie inside them', () => {
    for (const plot of Object.values(plotsOf(cells))) {
      const svg = svgOf(plot);
      const numbers = [...svg.matchAll(/(?:cx|cy|x|y)="(-?[\d.]+)"/g)].map(([, value]) => Number(value));
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(520);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

test('a judge that is slow, or that grows, is said to be', () => {
  const fast = { ms: 1, firstMs: 9, ratio: 2, stateAfterHour: 1000, stateAfterDay: 1001 };
  expect(slowness(fast)).toEqual([]);
  expect(slowness({ ...fast, ms: 6, ratio: 9, stateAfterDay: 1100 })).toEqual([
    'a release is judged in 6.00 ms, expected at most 5',
    'that is 9.0 times its logarithms, expected at most 8',
    'a trial grows from 1000 to 1100 characters in a day',
  ]);
});

import { describe, expect, test } from '@jest/globals';
import { planPage } from '../../bin/plan/page';
import { simulateAll } from '../../bin/plan/simulation';
import { subjectOf, trafficOf } from '../../bin/plan/subject';
import { planText } from '../../bin/plan/table';
import { powerCurve } from '../../lib/model/evidence/probe-power';
import { DEFAULT_PLAN, LOGIN, TRAFFIC } from '../../lib/model/gate-defaults';
import type { Plan } from '../../lib/model/gate-plan';
import { plan } from '../../lib/model/power';
import { SYSTEMS } from '../../systems';

const USERS = { perMinute: 600, canaryShare: 0.1 };
const SUBJECT = { name: 'some/prod', plan: DEFAULT_PLAN, power: plan(DEFAULT_PLAN), users: USERS, traffic: [] };

/** A row of a table by its first words. */
function row(text: string, ...begin: readonly string[]): string[] {
  const rows = text.split('\n').map((line) => line.trim().split(/ {2,}/));
  return rows.find((cells) => begin.every((word, i) => cells[i] === word)) ?? [];
}

describe('what a plan says before a release', () => {
  const text = planText(SUBJECT);

  test('is the smallest rate it finds and the minutes it takes, for each probe', () => {
    expect(row(text, 'login', 'p95 < 250 ms').slice(2)).toEqual(['8 %', '8.87 %', '–', '14', '4', '2']);
    expect(row(text, 'import', 'p90 < 60 s').slice(2)).toEqual(['25 %', '31.5 %', '–', '–', '14', '4']);
    expect(row(text, 'ai').slice(1)).toEqual(['same answer to the fixture', '–', '9.5 %']);
  });

  test('is what it costs the users: minutes, times their requests on the canary, times the rate', () => {
    expect(row(text, 'login', '–')).toEqual(['login', '–', '84', '48', '60']);
  });

  test('is how a typical release fares, and what its probes cost', () => {
    expect(text).toContain('promoted at minute 30 with probability 0.964 or more, by minute 45 with 0.995');
    expect(text).toContain('take 6776 samples on both arms and cost about US$ 0.05');
  });
});

describe('real requests', () => {
  const fed: Plan = { ...DEFAULT_PLAN, probes: [...DEFAULT_PLAN.probes, TRAFFIC] };
  const subject = { ...SUBJECT, plan: fed, power: plan(fed), traffic: trafficOf(fed, USERS) };

  test('are told as a probe of their own, by how many of them the canary serves', () => {
    const told = row(planText(subject), 'traffic', '5xx < 1 %, 60 a minute');
    expect(told.slice(2)).toEqual(['3 %', '2.82 %', '–', '–', '12', '5']);
    expect(planPage(subject)).toContain('<h3>traffic <small>5xx &lt; 1 %, 60 a minute</small></h3>');
  });

  test('find more the more there are', () => {
    const smallest = (perMinute: number) => trafficOf(fed, { ...USERS, perMinute })[0]!.power.smallest;
    expect(smallest(6000)).toBeLessThan(smallest(600));
    expect(smallest(600_000)).toBeLessThan(0.014);
  });

  test('tell nothing where there are none', () => {
    expect(trafficOf(fed, { ...USERS, perMinute: 0 })).toEqual([]);
  });
});

describe('its page', () => {
  const page = planPage(SUBJECT);

  test('stands alone: no script, nothing fetched', () => {
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(|@import/);
  });

  test('has one picture for each scheduled rate probe, told in words too', () => {
    expect(page.match(/<svg class="chart"/g)).toHaveLength(4);
    expect(page).toMatch(
      /<desc>login: half of the releases are promoted up to a breach rate of 5\.\d+ %, half are rolled back by their evidence from 8\.\d+ % on<\/desc>/,
    );
  });

  test('sets simulated releases beside the lines', () => {
    const fate = { p: 0.1, promoted: 0, rolledBack: 1, median: 13, surely: 21 };
    const expected = { p: 0.1, median: 11, surely: 20 };
    const dotted = planPage(SUBJECT, [{ id: 'login', simulated: fate, expected }]);
    expect(dotted.match(/<circle /g)).toHaveLength(2);
    expect(page).not.toContain('<circle');
  });

  test('has no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('shows text as text', () => {
    const odd = { ...DEFAULT_PLAN, probes: [{ ...LOGIN, bound: '<b>"p95" & more</b>' }] };
    expect(planPage({ ...SUBJECT, plan: odd, power: plan(odd) })).toContain(
      'login: &lt;b&gt;&quot;p95&quot; &amp; more&lt;/b&gt;',
    );
  });
});

describe('the power curve', () => {
  const curve = powerCurve(DEFAULT_PLAN, LOGIN, 40);

  test('rises with the rate of breaches, while the chance of promotion falls', () => {
    for (const [i, fate] of curve.entries()) {
      expect(fate.promoted + fate.rolledBack).toBeLessThanOrEqual(1);
      if (i === 0) continue;
      expect(fate.rolledBack).toBeGreaterThanOrEqual(curve[i - 1]!.rolledBack - 0.01);
    }
    expect(curve[0]!.promoted).toBeGreaterThan(0.99);
    expect(curve.at(-1)).toMatchObject({ promoted: expect.closeTo(0, 9), rolledBack: expect.closeTo(1, 3) });
  });

  test('meets what the plan says of its smallest rate', () => {
    const { smallest } = SUBJECT.power.probes[0]!;
    const below = curve.findLast(({ p }) => p < smallest)!;
    const above = curve.find(({ p }) => p > smallest)!;
    expect(below.rolledBack).toBeLessThan(0.95);
    expect(above.rolledBack).toBeGreaterThan(0.95);
  });
});

describe('a simulation', () => {
  const only: Plan = { ...DEFAULT_PLAN, probes: [LOGIN] };
  const subject = { ...SUBJECT, plan: only, power: plan(only) };
  const rows = simulateAll(subject, { runs: 200, seed: 7 });

  test('agrees with the expected minutes to within four, or a third', () => {
    for (const { simulated, expected } of rows.filter((shown) => Number.isFinite(shown.expected.surely))) {
      const off = (a: number, b: number) => Math.abs(a - b) <= Math.max(4, 0.35 * b);
      expect([off(simulated.median, expected.median), off(simulated.surely, expected.surely)]).toEqual([true, true]);
    }
  });

  test('promotes what is typical and rolls back none of it', () => {
    expect(rows[0]!.simulated).toMatchObject({ p: 0.02, promoted: 1, rolledBack: 0 });
  });

  test('is the same for the same seed', () => {
    const [once, again, other] = [7, 7, 8].map((seed) => simulateAll(subject, { runs: 10, seed }));
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });
});

describe('a subject', () => {
  test('is a system of this app in an environment with a canary', () => {
    expect(subjectOf(SYSTEMS, 'coach', 'prod', 600)).toMatchObject({
      name: 'coach/prod',
      users: { perMinute: 600, canaryShare: 0.1 },
    });
  });

  test.each([
    [
      'coach',
      'dev',
      'coach/dev: expected an environment with a canary, got "all-at-once"; no plan judges its releases',
    ],
    ['coach', 'qa', '--env: expected one of dev, staging, prod, got qa'],
    ['koch', 'prod', '--system: expected'],
  ])('%s/%s is none', (system, env, message) => {
    expect(() => subjectOf(SYSTEMS, system, env, 600)).toThrow(message);
  });
});

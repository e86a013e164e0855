import { powerCurve } from '../../lib/model/evidence/probe-power';
import { BENCH_PLAN, DEFAULT_PLAN, LOGIN } from '../../lib/model/gate-defaults';
import { leastSamples } from './bound';
import { CELLS, type Cell, GATE, GATE_DEFAULT } from './cells';
import type { Plot, Series } from './plot';
import type { CellResult, PolicyResult } from './run-cell';
import { CANARY_USERS } from './world';

interface Seen {
  readonly cell: Cell;
  readonly result: PolicyResult;
}

/** Pictures of a benchmark, by the name of their file. */
export function plotsOf(results: readonly CellResult[]): Readonly<Record<string, Plot>> {
  const seen = results.flatMap(({ cell, results: own }) => {
    const known = CELLS.find(({ name }) => name === cell)!;
    return own.map((result) => ({ cell: known, result }));
  });
  const everywhere = seen.filter(({ cell }) => 'login' in cell.n && Object.keys(cell.n).length === 1 && !isOurs(cell));
  return {
    mistakes: mistakes(everywhere),
    detection: detection(seen.filter(isSteady)),
    'bad-requests': badRequests(seen.filter(isSteady)),
    power: power(),
  };
}

/** Cells that peers take no part in. */
function isOurs({ group }: Cell): boolean {
  return group === 'traffic' || group.startsWith('final bake');
}

function isSteady({ cell }: Seen): boolean {
  return cell.group === 'steady' && cell.kind === 'bad' && cell.n.login === 20;
}

/** How often each policy is wrong, on average over all scenarios. */
function mistakes(seen: readonly Seen[]): Plot {
  const series = policies(seen).map((policy): Series => {
    const own = seen.filter(({ result }) => result.policy === policy);
    const mean = (kind: Cell['kind'], of: (result: PolicyResult) => number) => {
      const those = own.filter(({ cell }) => cell.kind === kind);
      return (100 * those.reduce((sum, { result }) => sum + of(result), 0)) / Math.max(1, those.length);
    };
    return series1(policy, [mean('good', ({ rolledBack }) => rolledBack), mean('bad', ({ promoted }) => promoted)]);
  });
  return {
    title: 'Wrong verdicts, average over all scenarios',
    description: `False rollback against missed: ${series.map(({ name, points }) => `${name} ${points[0]!.map((v) => v.toFixed(1)).join(' and ')} %`).join('; ')}`,
    x: { name: 'good releases rolled back, %', ticks: [0, 20, 40, 60, 80] },
    y: { name: 'bad releases promoted, %', ticks: [0, 20, 40, 60] },
    series,
    as: 'dots',
  };
}

/** Median minutes to a rollback over how bad a release is, beside the bound. */
function detection(seen: readonly Seen[]): Plot {
  const series = lines(seen, ({ medianMin }) => medianMin ?? Infinity);
  const bound = HARM.map((p) => [100 * p, leastSamples(p, LOGIN.p0, BENCH_PLAN.alpha) / LOGIN.perMinute] as const);
  return {
    title: 'Median minutes to a rollback, 20 requests a minute',
    description:
      'Minutes to a rollback over the true rate of breaches for each policy, beside the least that any rule needs without bursts',
    x: { ...RATE_AXIS },
    y: { name: 'minutes', ticks: [1, 2, 5, 10, 20, 40], log: true },
    series: [
      { name: 'least of any rule, without bursts', look: 'bound', points: bound.filter(([, minutes]) => minutes >= 1) },
      ...series,
    ],
    as: 'lines',
  };
}

/** Bad requests that users are served until the rollback. */
function badRequests(seen: readonly Seen[]): Plot {
  return {
    title: 'Bad requests that users are served until a rollback',
    description: 'Bad requests of users over the true rate of breaches, for each policy',
    x: { ...RATE_AXIS },
    y: { name: `requests, ${CANARY_USERS} a minute on the canary`, ticks: [20, 50, 100, 200, 500, 1000], log: true },
    series: lines(seen, (result) => result.badRequests),
    as: 'lines',
  };
}

/** What becomes of a release of the default plan whose sign-in breaches so often, by the power analysis. */
function power(): Plot {
  const fates = powerCurve(DEFAULT_PLAN, LOGIN, 60).map((fate) => ({ ...fate, percent: 100 * fate.p }));
  return {
    title: 'What becomes of a release, by how often its sign-in is slow',
    description:
      'Chance of promotion and of rollback by evidence over the true rate of slow sign-ins; the rest goes back for want of proof',
    x: {
      name: 'sign-ins slower than 250 ms, % (objective 5, certificate 8, must be found 10)',
      ticks: [0, 5, 8, 10, 15, 20],
    },
    y: { name: '% of such releases', ticks: [0, 25, 50, 75, 100] },
    series: [
      {
        name: 'promoted',
        look: 'own',
        points: fates.map(({ percent, promoted }) => [percent, 100 * promoted] as const),
      },
      {
        name: 'rolled back',
        look: 'bound',
        points: fates.map(({ percent, rolledBack }) => [percent, 100 * rolledBack] as const),
      },
    ],
    as: 'lines',
  };
}

const HARM = [0.08, 0.1, 0.14, 0.2, 0.3, 0.5];
const RATE_AXIS = { name: 'true rate of breaches, % (objective 5 %)', ticks: [8, 10, 20, 50], log: true } as const;

function lines(seen: readonly Seen[], of: (result: PolicyResult) => number): readonly Series[] {
  return policies(seen).map((policy) => {
    const own = seen.filter(({ result }) => result.policy === policy);
    const points = own
      .map(({ cell, result }) => [100 * cell.p, of(result)] as const)
      .filter(([, y]) => Number.isFinite(y));
    return { ...series1(policy), points };
  });
}

function series1(name: string, ...points: Series['points']): Series {
  return { name, look: name === GATE ? 'own' : 'other', points };
}

function policies(seen: readonly Seen[]): readonly string[] {
  return [...new Set(seen.map(({ result }) => result.policy))].filter((name) => name !== GATE_DEFAULT);
}

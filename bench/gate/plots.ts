import { BENCH_PLAN, LOGIN } from '../../lib/model/gate-defaults';
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
    title: `Bad requests served until a rollback, ${CANARY_USERS} a minute on the canary`,
    description: 'Bad requests of users over the true rate of breaches, for each policy',
    x: { ...RATE_AXIS },
    y: { name: 'requests', ticks: [20, 50, 100, 200, 500, 1000], log: true },
    series: lines(seen, (result) => result.badRequests),
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
  return { name, look: name === GATE || name === GATE_DEFAULT ? 'own' : 'other', points };
}

function policies(seen: readonly Seen[]): readonly string[] {
  return [...new Set(seen.map(({ result }) => result.policy))];
}

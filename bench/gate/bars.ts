import { CELLS, type Cell, GATE } from './cells';
import type { CellResult, PolicyResult } from './run-cell';

/** A figure of the gate itself, and the most it may be. Shares of the releases; minutes; requests. */
export interface Bar {
  readonly cell: string;
  readonly figure: Figure;
  readonly most: number;
}

export type Figure = 'rolledBack' | 'promoted' | 'inconclusive' | 'notPromoted' | 'medianMin' | 'badRequests';

/** No good release is rolled back by evidence more often, in any scenario. */
const FALSE_ROLLBACK = 0.01;
/** No bad release is promoted more often. */
const MISSED = 0.05;

/** Bad releases that no bar is set for: nobody can tell 8 % from 5 % in the ten minutes that a late leak has left. */
const OPEN = [/leak at 25 \.08/, /^leak at 25 \.10/, /leak at 30 \.10/, /, n (10|30)$/];

const bars = (figure: Figure, rows: readonly (readonly [cell: string, most: number])[]): readonly Bar[] =>
  rows.map(([cell, most]) => ({ cell, figure, most }));

const sizes = (scenario: string, most: readonly number[]) =>
  [10, 20, 30].map((n, i) => [`${scenario}, n ${n}`, most[i]!] as const);

/** Stricter bars than the general ones. */
const OWN: readonly Bar[] = [
  ...bars('rolledBack', [
    ...sizes('steady .01', [0.001, 0.001, 0.001]),
    ...sizes('steady .03', [0.001, 0.001, 0.001]),
    ['no-op .03, n 30', 0.001],
    ['blip .01, n 20', 0.001],
    ['blip .03, n 20', 0.005],
    ['shared outage .03, n 20', 0.005],
    ['bursty .02, n 20', 0.005],
    ['sick dependency .12, n 20', 0.02],
    ['release good', 0.001],
    ['release good, blip', 0.005],
    ['release good, outage', 0.005],
    ['release good, cold start', 0.005],
  ]),
  ...bars('inconclusive', [
    ...sizes('steady .05', [0.35, 0.06, 0.01]),
    ['release good', 0.005],
    ['release good, blip', 0.005],
    ['release good, outage', 0.005],
    ['release good, cold start', 0.005],
  ]),
  ...bars('notPromoted', [
    ['hotfix .02, n 20', 0],
    ['hotfix mode .12, n 20', 0.01],
    ['hotfix mode, no better .12, n 20', 0.02],
  ]),
  ...bars('promoted', [
    ['sick dependency .12, n 20', 0],
    ['steady .08, n 20', 0.01],
    ['steady .10, n 20', 0.005],
    ['weak contrast .08, n 20', 0.01],
    ['weak contrast .08, n 30', 0.01],
    ['leak at 15 .08, n 20', 0.05],
    ['leak at 15 .10, n 20', 0.01],
    ['leak at 15 .50, n 20', 0],
    ['final bake, leak at 25 .20, n 20', 0.005],
    ['final bake, leak at 25 .50, n 20', 0],
  ]),
  ...bars('medianMin', [
    ['steady .08, n 20', 20],
    ['steady .10, n 10', 17],
    ['steady .10, n 20', 8],
    ['steady .10, n 30', 8],
    ['steady .20, n 20', 4],
    ['steady .50, n 20', 2],
    ['release login .10', 14],
    ['release login .15', 7],
    ['release login .50', 3],
    ['release reflect .20', 7],
    ['release import .50', 10],
    ['release success .05', 7],
    ['traffic .10, 60:540 a minute', 8],
    ['traffic .10, 600:5400 a minute', 5],
  ]),
  ...bars('badRequests', [
    ['steady .10, n 20', 70],
    ['steady .20, n 20', 55],
    ['steady .50, n 20', 44],
  ]),
];

/** Every bar of a cell: its own, and the general one where it has none of that kind. */
export function barsOf({ name, kind }: Cell): readonly Bar[] {
  const own = OWN.filter(({ cell }) => cell === name);
  const general = { good: 'rolledBack', bad: 'promoted', grey: undefined, neither: undefined } as const;
  const figure = general[kind];
  const isOpen = kind === 'bad' && OPEN.some((pattern) => pattern.test(name));
  if (figure === undefined || isOpen || own.some((bar) => bar.figure === figure)) return own;
  return [...own, { cell: name, figure, most: kind === 'good' ? FALSE_ROLLBACK : MISSED }];
}

/** A bar that a result is over by more than chance explains. */
export interface Miss extends Bar {
  readonly got: number | null;
}

export function missesOf({ cell, results }: CellResult, isQuick: boolean): readonly Miss[] {
  const own = results.find(({ policy }) => policy === GATE)!;
  const known = CELLS.find(({ name }) => name === cell)!;
  return barsOf(known)
    .map((bar) => ({ ...bar, got: figureOf(own, bar.figure) }))
    .filter(({ figure, most, got }) => got === null || got > most + slack(own, { figure, most, isQuick }));
}

export function figureOf(result: PolicyResult, figure: Figure): number | null {
  return figure === 'notPromoted' ? 1 - result.promoted : result[figure];
}

/** What chance explains: three standard errors, one release more; a minute where the runs are few. */
function slack(
  { runs, badRequestsError }: PolicyResult,
  { figure, most, isQuick }: { figure: Figure; most: number; isQuick: boolean },
): number {
  if (figure === 'medianMin') return isQuick ? 1 : 0;
  if (figure === 'badRequests') return 3 * badRequestsError;
  return 3 * Math.sqrt((most * (1 - most)) / runs) + 1 / runs;
}

import { BENCH_PLAN, DEFAULT_PLAN } from '../../lib/model/gate-defaults';
import { barsOf } from './bars';
import { leastSamples } from './bound';
import { CELLS, type Cell, GATE } from './cells';
import type { CellResult, PolicyResult } from './run-cell';

/** A table of text: a heading, the names of its columns, and its rows. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Judged {
  readonly cell: Cell;
  readonly results: readonly PolicyResult[];
}

/** Everything that was measured, as tables. A cell a policy does not take part in is blank. */
export function tablesOf(results: readonly CellResult[]): readonly Table[] {
  const judged = results.map(({ cell, results: own }) => ({
    cell: CELLS.find(({ name }) => name === cell)!,
    results: own,
  }));
  const of = (...kinds: readonly Cell['kind'][]) => judged.filter(({ cell }) => kinds.includes(cell.kind));
  return [
    perPolicy('Good releases rolled back by evidence, and not promoted for want of it, %', of('good'), (result) =>
      both(result),
    ),
    perPolicy('Bad releases promoted, %', of('bad'), ({ promoted }) => percent(promoted)),
    perPolicy('Median minute of the rollback of a bad release', of('bad'), ({ medianMin }) => String(medianMin ?? '–')),
    perPolicy('Bad requests that users were served', of('bad'), ({ badRequests }) => badRequests.toFixed(0)),
    perPolicy(
      'Neither good nor bad: promoted, rolled back, %',
      of('grey', 'neither'),
      ({ promoted, rolledBack }) => `${percent(promoted)} / ${percent(rolledBack)}`,
    ),
    perPolicy('Requests that the probes sent, both arms', judged, ({ sent }) => sent.toFixed(0)),
    boundTable(of('bad')),
  ].filter(({ rows }) => rows.length > 0);
}

function perPolicy(title: string, judged: readonly Judged[], figure: (result: PolicyResult) => string): Table {
  const policies = [...new Set(judged.flatMap(({ results }) => results.map(({ policy }) => policy)))];
  const rows = judged.map(({ cell, results }) => [
    cell.name,
    barsOf(cell).map(inWords).join(', '),
    ...policies.map((policy) => {
      const own = results.find((result) => result.policy === policy);
      return own ? figure(own) : '';
    }),
  ]);
  return { title, header: ['cell', 'bar', ...policies], rows };
}

/** Samples of the canary until a rollback, beside the least that any rule needs. */
function boundTable(judged: readonly Judged[]): Table {
  const found = judged.filter(({ cell, results }) => cell.group === 'steady' && own(results)!.medianMin !== null);
  const rows = found.map(({ cell, results }) => {
    const least = leastSamples(cell.p, cell.p0, BENCH_PLAN.alpha);
    const { sentToCanary, medianMin } = own(results)!;
    const minutes = least / Object.values(cell.n)[0]!;
    return [
      cell.name,
      ...[least.toFixed(0), sentToCanary.toFixed(0), (sentToCanary / least).toFixed(1)],
      ...[minutes.toFixed(1), String(medianMin), leastSamples(cell.p, cell.p0, DEFAULT_PLAN.alpha).toFixed(0)],
    ];
  });
  const header = [
    'cell',
    'least samples',
    'spent',
    'ratio',
    'least minutes without bursts',
    'median',
    `least at ${DEFAULT_PLAN.alpha}`,
  ];
  return {
    title: `Samples of the canary until a rollback, beside the least that any rule needs at ${BENCH_PLAN.alpha}`,
    header,
    rows,
  };
}

function own(results: readonly PolicyResult[]): PolicyResult | undefined {
  return results.find(({ policy }) => policy === GATE);
}

function inWords({ figure, most }: ReturnType<typeof barsOf>[number]): string {
  const isShare = figure !== 'medianMin' && figure !== 'badRequests';
  const names = {
    ...{ rolledBack: 'back', promoted: 'promoted', inconclusive: 'neither', notPromoted: 'not promoted' },
    ...{ medianMin: 'minute', badRequests: 'bad' },
  };
  return `${names[figure]} ≤ ${isShare ? `${percent(most)} %` : most}`;
}

function both({ rolledBack, inconclusive }: PolicyResult): string {
  return inconclusive === 0 ? percent(rolledBack) : `${percent(rolledBack)} + ${percent(inconclusive)}`;
}

function percent(share: number): string {
  return String(Number((100 * share).toFixed(1)));
}

/** Columns as wide as their widest cell, the first to the left. */
export function asText({ title, header, rows }: Table): string {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [title, '', ...all.map((row) => `  ${line(row)}`)].join('\n');
}

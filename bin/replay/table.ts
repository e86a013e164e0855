import { reasonOf } from '../../lambda/gate/reason';
import type { Evidence, Plan, RateEvidence, Verdict } from '../../lib/model/gate-plan';
import type { FinalBake } from './final-bake';

/** Width of the bar that shows how near E is to its limit. */
const BAR = 24;

/** One line for each minute up to the final one, then what was decided and why. */
export function verdictTable(plan: Plan, verdicts: readonly Verdict[]): string {
  const last = verdicts.at(-1)!;
  return [
    `minute         E  ${'limit'.padStart(BAR)}  certified  verdict`,
    ...upToFinal(verdicts).map(row),
    '',
    `${said(last)} in minute ${last.minute}`,
    reasonOf(plan, last),
  ].join('\n');
}

function row(verdict: Verdict): string {
  const { minute, evidence } = verdict;
  const probes = Object.values(evidence.probes);
  const certified = `${probes.filter((probe) => probe.certified).length} of ${probes.length}`;
  return `${cell(minute, 6)}${cell(short(evidence.E), 10)}  ${bar(evidence)}  ${certified.padEnd(9)}  ${said(verdict)}`;
}

/** One line for each minute after the promotion, then whether it was taken back. */
export function finalBakeTable(plan: Plan, { evidence, recall }: FinalBake): string {
  const stands = `the promotion stands by minute ${evidence.at(-1)?.minute}`;
  return [
    'final bake',
    ...evidence.map((shown) => `${cell(shown.minute, 6)}${cell(short(shown.E), 10)}  ${bar(shown)}`),
    '',
    ...(recall ? [`taken back: ${said(recall)} in minute ${recall.minute}`, reasonOf(plan, recall)] : [stands]),
  ].join('\n');
}

/** The verdicts up to the first that is final; the ones after it only repeat it. */
export function upToFinal(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter((verdict, i) => i === 0 || verdict.minute > verdicts[i - 1]!.minute);
}

/** The evidence of each probe after a minute, logs as they are. */
export function evidenceTable(evidence: Evidence): string {
  const header = ['', 'E', 'share', 'ln abs', 'ln rel', 'out abs', 'out rel', 'cert', 'tail', 'canary', 'stable'];
  const rows = Object.entries(evidence.probes).map(([id, shown]) => {
    if (shown.kind === 'rate') return [id, ...rateCells(shown)];
    const minutes = shown.condemning.join(', ') || 'none';
    return [id, `  ${shown.certified ? 'certified' : 'uncertified'}; condemning minutes: ${minutes}`];
  });
  const line = (cells: readonly string[]) =>
    `    ${(cells[0] ?? '').padEnd(10)}${cells
      .slice(1)
      .map((text) => text.padStart(10))
      .join('')}`;
  return [`  minute ${evidence.minute}: ln E = ${evidence.lnE}`, ...[header, ...rows].map(line)].join('\n');
}

function rateCells(shown: RateEvidence): readonly string[] {
  const logs = [shown.abs, shown.rel, shown.outageAbs, shown.outageRel, shown.certWhole, shown.certTail];
  const counts = [shown.canary, shown.stable].map(({ n, breaches }) => `${breaches}/${n}`);
  return [short(shown.E), shown.share.toFixed(2), ...logs.map((ln) => ln.toFixed(2)), ...counts];
}

function said({ verdict, because, probe }: Verdict): string {
  return [verdict, because, probe].filter(Boolean).join(' ');
}

/** How far ln E has come from 1 to its limit. */
function bar(evidence: Evidence): string {
  const way = Math.min(1, Math.max(0, evidence.lnE / Math.log(evidence.threshold)));
  const full = Math.round(way * BAR);
  return '█'.repeat(full) + '·'.repeat(BAR - full);
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'over 1e308';
}

function cell(value: number | string, width: number): string {
  return String(value).padStart(width);
}

import { STAGES } from '../../delivery/order/stages';
import type { HistoryEntry } from '../../delivery/people/history';
import type { Outlook } from '../../delivery/people/outlook';
import type { ReleaseStanding, Standing } from '../../delivery/people/standing';
import type { Freeze } from '../../lambda/gate/ledger';
import type { ServiceDeployment } from '../../lambda/gate/ports';

/** How things stand, for a terminal of any width. */
export function standingText(title: string, { stable, live, freeze, release, deployments }: Standing): string {
  return lines([
    `${title}: ${stable ?? 'nothing'} serves${live ? `, ${live} is under way` : ''}`,
    freeze?.frozen ? frozenText(freeze) : undefined,
    ...(release ? releaseLines(release) : ['no release yet']),
    ...(deployments ?? []).map(deploymentLine),
  ]);
}

export function frozenText({ by, reason, at }: Freeze): string {
  return `frozen by ${by} at ${at}: ${reason}`;
}

function releaseLines(release: ReleaseStanding): readonly (string | undefined)[] {
  const { id, ending, verdict, recall, minutes, because, orders, stages, order } = release;
  return [
    '',
    `${id}: ${ending?.outcome ?? progressOf(release)}`,
    minutes > 0 ? `  ${progressBar(release)} minute ${minutes}${limitsOf(release)}` : undefined,
    because && !verdict ? `  the judge says ${release.judged?.verdict}: ${because}` : undefined,
    verdict && `  verdict ${verdict.verdict} by the ${verdict.by} in minute ${verdict.minute}: ${verdict.because}`,
    recall && `  taken back by the ${recall.by} in minute ${recall.minute}: ${recall.because}`,
    ...orders.map(({ kind, by, reason, at }) => `  ${at} ${kind} by ${by}: ${reason}`),
    ...stages.map(({ stage, outcome, because: why }) => `  ${outcome === 'passed' ? '✓' : '✗'} ${stage}: ${why}`),
    order && `  the order ended, ${order.outcome}: ${order.because}`,
  ];
}

function progressOf({ openedAt, startedAt, verdict }: ReleaseStanding): string {
  if (verdict) return `${verdict.verdict}, its deployments are ending`;
  if (startedAt) return 'takes its share of the users';
  return openedAt ? 'its path is being assembled' : 'not opened yet';
}

const WIDTH = 24;

/** Of the bake. */
function progressBar({ plan, minutes }: ReleaseStanding): string {
  const done = Math.min(WIDTH, Math.round((minutes / (plan?.bakeMin ?? minutes)) * WIDTH));
  return `${'█'.repeat(done)}${'·'.repeat(WIDTH - done)}`;
}

function limitsOf({ plan, judged }: ReleaseStanding): string {
  if (!plan || !judged) return '';
  const { E, threshold } = judged.evidence;
  return ` of ${plan.bakeMin} to ${plan.hardStopMin}, evidence ${E.toPrecision(3)} of ${threshold}`;
}

function deploymentLine({ service, release, status, weight, rollback }: ServiceDeployment): string {
  return `  ${service.padEnd(12)} ${release.padEnd(12)} ${String(weight).padStart(3)} % ${status}${rollback ? `: ${rollback}` : ''}`;
}

export function historyText(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'no release yet\n';
  const rows = entries.map(({ id, openedAt, outcome, minute, because }) => [
    ...[id, openedAt?.slice(0, 16).replace('T', ' ') ?? '', outcome],
    ...[minute === undefined ? '' : `minute ${minute}`, because],
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return lines(
    rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  );
}

export function outlookText({ release, blocked, stages, end }: Outlook): string {
  return lines([
    `${release ?? 'the next release'}${end ? `: ${end.outcome}, ${end.because}` : ''}`,
    ...STAGES.map(({ name, does }) => {
      const record = stages.find(({ stage }) => stage === name);
      const mark = record ? (record.outcome === 'passed' ? '✓' : '✗') : blocked[name] ? '✗' : '·';
      return `  ${mark} ${name.padEnd(8)} ${record?.because ?? blocked[name] ?? does}`;
    }),
  ]);
}

function lines(all: readonly (string | undefined)[]): string {
  return `${all.filter((line) => line !== undefined).join('\n')}\n`;
}

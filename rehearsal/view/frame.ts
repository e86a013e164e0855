import { figure, reasonOf } from '../../lambda/gate/reason';
import type { Standing } from '../../lambda/report/standing';
import { bar, evidenceBar } from './bars';
import { elapsedInWords } from './elapsed';
import { cellsOf, clipped, ink, type Line, padded, type Style, wrapped } from './ink';
import { probeLines } from './probe-lines';
import { shareOf, type ViewState } from './view-state';

const LABEL = 9;
/** Cells that the words beside a bar may need. */
const BESIDE = 32;
const SEPARATOR = ' · ';

/** The release that is under way, in lines of at most so many cells. */
export function frame(state: ViewState, columns: number): readonly Line[] {
  const lines = [
    title(state, columns),
    [ink(state.sentence, 'dim')],
    [],
    ...(state.plan ? [baking(state, columns), users(state, columns), against(state, columns), word(state), []] : []),
    ...probeLines(state, columns),
    ...services(state, columns),
    [],
    ...state.events.map(({ elapsedMs, text }) => [ink(`${elapsedInWords(elapsedMs)} `, 'dim'), ink(text)]),
  ];
  return lines.map((line) => clipped(line, columns));
}

/** `── v3 · slow-login ────────── 0:42 ──`. */
function title({ release, title: name, elapsedMs }: ViewState, columns: number): Line {
  const [left, right] = [`${release}${SEPARATOR}${name}`, elapsedInWords(elapsedMs)];
  const rule = '─'.repeat(Math.max(1, columns - cellsOf(left) - cellsOf(right) - 8));
  return [ink('── ', 'dim'), ink(left, 'bold'), ink(` ${rule} `, 'dim'), ink(right), ink(' ──', 'dim')];
}

/** Widths by which a bar and the words beside it share a line. */
function barWidth(columns: number): number {
  return Math.min(48, Math.max(8, columns - LABEL - BESIDE));
}

function labelled(label: string, content: Line, words: string): Line {
  return [ink(padded(label, LABEL), 'dim'), ...content, ink(`  ${words}`)];
}

function baking({ plan, minutes, verdict }: ViewState, columns: number): Line {
  const { bakeMin, hardStopMin } = plan!;
  const [width, passed] = [barWidth(columns), minutes.length];
  if (verdict?.verdict === 'promote') {
    return labelled('bake', bar({ width, filled: 1, style: 'good' }), `${passed - verdict.minute} min after promotion`);
  }
  const content = bar({ width, filled: passed / hardStopMin, style: 'open', mark: bakeMin / hardStopMin });
  return labelled('bake', content, `minute ${passed} of ${bakeMin} to ${hardStopMin}`);
}

function users(state: ViewState, columns: number): Line {
  const [share, width] = [shareOf(state), barWidth(columns)];
  const taken = share === 0 ? 0 : Math.max(1, Math.round((width * share) / 100));
  const content = [ink('█'.repeat(taken), 'canary'), ink('░'.repeat(width - taken), 'stable')] as const;
  const { release, plan } = state;
  return labelled('users', content, `${share} % ${release}, ${100 - share} % ${plan!.stable}`);
}

function against({ plan, verdict }: ViewState, columns: number): Line {
  const [ln, lnLimit] = [verdict?.evidence.lnE ?? 0, -Math.log(plan!.alpha)];
  const content = evidenceBar(barWidth(columns), { ln, lnLimit }, 'bad');
  return labelled('against', content, `${figure(ln)}, rolled back at ${figure(lnLimit)}`);
}

/** The judge's last word and what it rests on. */
function word({ plan, verdict }: ViewState): Line {
  if (!verdict) return [ink(padded('judge', LABEL), 'dim'), ink('no minute has closed', 'dim')];
  const style = VERDICT_STYLES[verdict.verdict];
  return [ink(padded('judge', LABEL), 'dim'), ink(verdict.verdict, style), ink(`  ${reasonOf(plan!, verdict)}`)];
}

const VERDICT_STYLES = { promote: 'good', rollback: 'bad', extend: 'open', hold: 'open' } as const;

function services({ services: all, front }: ViewState, columns: number): readonly Line[] {
  const frontFirst = [...all].sort(([a], [b]) => Number(a !== front) - Number(b !== front));
  const items = frontFirst.map(([name, { phase, label = 'at rest' }]): Line => {
    return [ink(`${name} `, 'bold'), ink(label, phase ? PHASE_STYLES[phase] : 'dim')];
  });
  return wrapped(items, columns, SEPARATOR);
}

const PHASE_STYLES: Readonly<Record<NonNullable<Standing['phase']>, Style>> = {
  ...{ prepares: 'plain', waits: 'open', part: 'canary', all: 'good', back: 'bad' },
};

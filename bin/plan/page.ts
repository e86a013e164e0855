import { percent } from '../../lib/model/evidence/in-words';
import { MULTIPLES } from '../../lib/model/evidence/probe-power';
import { badRequests } from '../../lib/model/power';
import { costOfRelease } from './cost';
import { escapeText, powerPicture } from './picture';
import type { Simulated, SimulatedRow } from './simulation';
import { exactProbes, rateProbes, type Subject } from './subject';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #687385; --paper: #fff; --line: #d9dee6; --good: #1a7f4b; --bad: #c2352b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #93a0b3; --paper: #14181f; --line: #313a47; --good: #4cc38a; --bad: #ff6f61; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 11px; } svg .title { font-weight: 600; font-size: 13px; }
svg .tick { fill: var(--dim); } .grid { stroke: var(--line); } .mark { stroke: var(--dim); stroke-dasharray: 3 3; }
polyline { fill: none; stroke-width: 2.5; } circle { fill: var(--paper); stroke-width: 2; } .promoted { stroke: var(--good); } .rolled { stroke: var(--bad); } polyline.rolled { stroke-dasharray: 8 3; }
.key { color: var(--dim); } .key b { color: var(--good); } .key i { color: var(--bad); font-style: normal; font-weight: 600; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; } dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }`;

/** A self-contained page: what the plan finds, as pictures and tables. No script, no network. */
export function planPage(subject: Subject, simulated: readonly SimulatedRow[] = []): string {
  const { name, plan, power } = subject;
  const pictures = rateProbes(subject).map(({ probe }) => powerPicture(plan, probe, fatesOf(probe.id, simulated)));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(name)}: what the gate would find</title><style>${STYLE}</style></head>
<body>
<h1>${escapeText(name)}: what the gate would find</h1>
<p>${escapeText(summary(subject))}</p>
<p class="key"><b>Solid: promoted</b>, by the look at minute ${plan.hardStopMin} alone; the looks before it add to that. <i>Dashed: rolled back by its
evidence</i>. What is neither goes back for want of a certificate.${simulated.length > 0 ? ' Dots: simulated releases.' : ''}</p>
<div class="pictures">
${pictures.join('\n')}
</div>
<h2>Smallest rate found with 95 %, and median minutes to a rollback</h2>
<div class="wide">${detectionTable(subject)}</div>
<h2>Bad requests of users until half of such releases are back</h2>
<p>At ${subject.users.perMinute} requests a minute, ${percent(subject.users.canaryShare)} of them on the canary.</p>
<div class="wide">${usersTable(subject)}</div>
<h2>What each probe promises</h2>
<dl>${power.probes.map(({ id, promise }) => `<dt>${escapeText(id)}</dt><dd>${escapeText(promise)}</dd>`).join('\n')}</dl>
</body>
</html>
`;
}

function fatesOf(probe: string, rows: readonly SimulatedRow[]): readonly Simulated[] {
  return rows.filter(({ id }) => id === probe).map(({ simulated }) => simulated);
}

function summary({ plan, power }: Subject): string {
  const { lambda, metrics } = costOfRelease(plan);
  return (
    `A good release is rolled back by its evidence with probability ${percent(plan.alpha)} at most, a bad one promoted with ` +
    `${percent(plan.beta)} at most. A typical one is promoted at minute ${plan.bakeMin} with probability ${power.atBake.toFixed(3)} or more, ` +
    `by minute ${plan.hardStopMin} with ${power.atStop.toFixed(3)}. Its probes take ${power.samples} samples on both arms and cost about ` +
    `US$ ${(lambda + metrics).toFixed(2)}.`
  );
}

const TIMES = MULTIPLES.map((multiple) => `${multiple}×`);

function detectionTable(subject: Subject): string {
  const rates = rateProbes(subject).map(({ probe, power }) => [
    ...[probe.id, probe.bound, percent(probe.pTol), percent(power.smallest)],
    ...power.found.map(({ median }) => finite(median)),
  ]);
  const exact = exactProbes(subject).map(({ id, bound, smallest }) => [
    id,
    bound,
    '',
    percent(smallest),
    ...TIMES.map(() => ''),
  ]);
  return table([['probe', 'objective', 'promotes below', 'finds', ...TIMES], ...rates, ...exact]);
}

function usersTable(subject: Subject): string {
  const rows = rateProbes(subject).map(({ probe, power }) => [
    probe.id,
    ...power.found.map((detection) => finite(Math.round(badRequests(detection, subject.users)))),
  ]);
  return table([['probe', ...TIMES], ...rows]);
}

function table([header, ...rows]: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(header!, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

function finite(value: number): string {
  return Number.isFinite(value) ? String(value) : '–';
}

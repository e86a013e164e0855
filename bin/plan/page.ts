import { html, type Markup } from '../../lambda/report/markup';
import { page } from '../../lambda/report/page';
import { table } from '../../lambda/report/table';
import { percent } from '../../lib/model/evidence/in-words';
import { MULTIPLES } from '../../lib/model/evidence/probe-power';
import { badRequests } from '../../lib/model/power';
import { costOfRelease } from './cost';
import { powerPicture } from './picture';
import type { Simulated, SimulatedRow } from './simulation';
import { allRateProbes, exactProbes, type Subject } from './subject';

/** A self-contained page: what the plan finds, as pictures and tables. No script, no network. */
export function planPage(subject: Subject, simulated: readonly SimulatedRow[] = []): string {
  const { name, plan, power } = subject;
  const body = html`<header class="hero"><p class="where">plan</p><h1><b>${name}</b>: what the gate would find</h1>
<p class="because">${summary(subject)}</p></header>
<main>
<section><h2>What becomes of a release, by its true rate of breaches</h2>
<p>The look at minute ${plan.hardStopMin} alone; the looks before it add to the promotions. What is neither goes back for want of a certificate.</p>
<p class="key"><span class="good">promoted</span> <span class="bad">rolled back by its evidence</span>${simulated.length > 0 ? html` <span>dots: simulated releases</span>` : undefined}</p>
<div class="panels">
${allRateProbes(subject).map(
  ({ probe }) => html`<article class="panel"><h3>${probe.id} <small>${probe.bound}</small></h3>
${powerPicture(plan, probe, fatesOf(probe.id, simulated))}</article>`,
)}
</div></section>
<section><h2>What it finds, and when</h2>
${detectionTable(subject)}
</section>
<section><h2>What users would meet</h2>
<p>Bad requests until half of such releases are back, at ${subject.users.perMinute} requests a minute, ${percent(subject.users.canaryShare)} of them on the canary.</p>
${usersTable(subject)}
</section>
<section><h2>What each probe promises</h2>
<dl class="record">${power.probes.map(({ id, promise }) => html`<div><dt>${id}</dt><dd>${promise}</dd></div>`)}</dl>
</section>
</main>`;
  return page(`${name}: what the gate would find`, body);
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

function detectionTable(subject: Subject): Markup {
  const rates = allRateProbes(subject).map(({ probe, power }) => [
    ...[probe.id, probe.bound, percent(probe.pTol), percent(power.smallest)],
    ...power.found.map(({ median }) => finite(median)),
  ]);
  const exact = exactProbes(subject).map(({ id, bound, smallest }) => [
    ...[id, bound, '', percent(smallest)],
    ...TIMES.map(() => ''),
  ]);
  return table({
    caption: 'Smallest rate found with 95 %, and median minutes to a rollback at multiples of the objective',
    header: ['', 'objective', 'promotes below', 'finds', ...TIMES],
    rows: [...rates, ...exact],
  });
}

function usersTable(subject: Subject): Markup {
  const rows = allRateProbes(subject).map(({ probe, power }) => [
    probe.id,
    ...power.found.map((detection) => finite(Math.round(badRequests(detection, subject.users)))),
  ]);
  return table({ caption: 'Bad requests at multiples of the objective', header: ['', ...TIMES], rows });
}

function finite(value: number): string {
  return Number.isFinite(value) ? String(value) : '–';
}

import { percent } from '../../lib/model/evidence/in-words';
import type {
  ArmName,
  Because,
  Minute,
  ProbeMinute,
  ProbeSpec,
  RateEvidence,
  RateProbe,
} from '../../lib/model/gate-plan';
import { figure } from '../gate/reason';
import { type Bar, bars, limit, line, moment, type Plot, picture } from './chart';
import { certificateCurve, certifiedSince, type Judged, lastOf } from './judged';
import { html, type Markup } from './markup';
import { linear, logScale, minutesScale, percentScale, type Scale } from './scale';
import { armsKey } from './share-section';
import type { ReleaseStory } from './story';
import { numbers } from './table';

/** What each probe measured on both arms, and whether it would let the release pass. */
export function probesSection(story: ReleaseStory, judged: Judged): Markup {
  const { probes } = judged.plan;
  return html`<section><h2>What the probes measured</h2>
<p>Each minute every probe looks at both releases. A sample that misses the probe's bound is a breach.</p>
${armsKey(story)}
<div class="panels">
${probes.map((probe) => panel(story, judged, probe))}
</div>
${numbers('Every minute of every probe', {
  caption: 'Breaches and samples on both arms, the canary first',
  header: ['minute', ...probes.map(({ id }) => id)],
  rows: judged.minutes.map((minute) => [minute.minute, ...probes.map(({ id }) => inWords(countsOf(minute, id)))]),
})}
</section>`;
}

function panel({ recall }: ReleaseStory, judged: Judged, probe: ProbeSpec): Markup {
  const { kind, words } = recall?.judged?.probe === probe.id ? TOOK_BACK : standing(judged, probe);
  return html`<article class="panel"><h3>${probe.id} <small>${probe.bound}</small></h3>
<p class="badge ${kind}">${words}</p>
<dl class="arms">${armTotals(judged, probe.id, 'canary')}${armTotals(judged, probe.id, 'stable')}</dl>
<h4>Breaches, share of the minute's samples</h4>
${breaches(judged, probe)}
<h4>Samples</h4>
${samplesPicture(judged, probe)}
${probe.kind === 'rate' ? certificate(judged, probe) : undefined}
</article>
`;
}

interface Standing {
  readonly kind: 'good' | 'bad' | 'open';
  readonly words: string;
}

const TOOK_BACK: Standing = { kind: 'bad', words: 'took the promotion back' };

/** Reasons of a rollback that speak against the release; the others are a want of proof. */
const SPEAKS_AGAINST: readonly Because[] = ['EVIDENCE', 'OUTAGE', 'HARD'];

/** Where a probe stood in the end. */
function standing(judged: Judged, { id }: ProbeSpec): Standing {
  const { verdict, because, probe } = lastOf(judged);
  if (verdict === 'rollback' && probe === id)
    return { kind: 'bad', words: SPEAKS_AGAINST.includes(because) ? 'decided the rollback' : 'stood in the way' };
  const since = certifiedSince(judged, id);
  return since === undefined
    ? { kind: 'open', words: 'not certified' }
    : { kind: 'good', words: `certified from minute ${since} on` };
}

function armTotals({ minutes }: Judged, id: string, arm: ArmName): Markup {
  const all = minutes.map((minute) => countsOf(minute, id)?.[arm] ?? NONE);
  const n = all.reduce((sum, counts) => sum + counts.n, 0);
  const breaches = all.reduce((sum, counts) => sum + counts.breaches, 0);
  const rate = n === 0 ? 'no samples' : percent(breaches / n);
  return html`<div class="${arm}"><dt>${arm}</dt><dd><b>${rate}</b> <small>${breaches} of ${n}</small></dd></div>`;
}

/** The pictures of probes stand three beside each other. */
const NAMED_MINUTES = 6;
const NONE = { n: 0, breaches: 0, hard: 0 };

function breaches(judged: Judged, probe: ProbeSpec): Markup {
  const some = judged.minutes.some(({ probes }) => shares(probes[probe.id]).some((share) => share > 0));
  return some ? breachPicture(judged, probe) : html`<p class="none">None, on either arm.</p>`;
}

function breachPicture({ minutes, plan }: Judged, probe: ProbeSpec): Markup {
  const objective = probe.kind === 'rate' ? probe.p0 : 0;
  const highest = Math.max(0.04, 2.5 * objective, ...minutes.flatMap(({ probes }) => shares(probes[probe.id])));
  const plot = { x: minuteAxis(minutes), y: percentScale(Math.min(1, highest)), height: 90 };
  return picture({
    ...{ plot, unit: 'min', title: `${probe.id}: share of samples in breach in each minute` },
    description: `objective: at most ${percent(objective)} of samples in breach; judged by ${plan.release}'s plan`,
    layers: [
      bars(plot, armBars(minutes, probe.id, 'canary'), 'canary'),
      bars(plot, armBars(minutes, probe.id, 'stable'), 'stable'),
      probe.kind === 'rate' ? limit(plot, objective, `objective ${percent(objective)}`) : undefined,
    ],
  });
}

/** Samples of the canary upwards, of the stable downwards. */
function samplesPicture({ minutes }: Judged, { id }: ProbeSpec): Markup {
  const sizes = minutes.flatMap(({ probes }) => [probes[id]?.canary.n ?? 0, probes[id]?.stable.n ?? 0]);
  const most = Math.max(1, ...sizes);
  const y = linear(-most, most, [{ value: 0, label: '' }]);
  const plot = { x: minuteAxis(minutes), y, height: 26 };
  return picture({
    ...{ plot, unit: 'min', title: `${id}: samples in each minute, the canary's upwards, the stable's downwards` },
    description: `at most ${most} on an arm`,
    layers: [
      bars(plot, sampleBars(minutes, id, 'canary'), 'canary soft'),
      bars(plot, sampleBars(minutes, id, 'stable'), 'stable soft'),
    ],
  });
}

function certificate(judged: Judged, probe: RateProbe): Markup {
  const lnNeeded = -Math.log(judged.plan.beta);
  const whole = certificateCurve(judged, probe, 'certWhole');
  const tail = certificateCurve(judged, probe, 'certTail');
  const highest = Math.max(lnNeeded, ...[...whole, ...tail].map(([, ln]) => ln));
  const y = logScale(Math.log(0.1), highest + Math.log(3));
  const plot: Plot = { x: minuteAxis(judged.minutes), y, height: 90 };
  const last = lastOf(judged).evidence.probes[probe.id] as RateEvidence;
  return html`<h4>Proof that it breaches less than ${percent(probe.pTol)}</h4>
${picture({
  ...{ plot, unit: 'min', title: `${probe.id}: certificate on a logarithmic scale` },
  description: `${figure(last.certWhole)} over the whole release and ${figure(last.certTail)} over its last minutes; needed ${figure(lnNeeded)}`,
  layers: [
    limit(plot, lnNeeded, `needed ${figure(lnNeeded)}`, 'good'),
    line(plot, tail, 'for tail'),
    line(plot, whole, 'for'),
    judged.minutes.length >= judged.plan.bakeMin
      ? moment(plot, { at: judged.plan.bakeMin, label: 'bake ends' })
      : undefined,
  ],
})}`;
}

function minuteAxis(minutes: readonly Minute[]): Scale {
  return minutesScale(0, Math.max(1, minutes.length), NAMED_MINUTES);
}

function armBars(minutes: readonly Minute[], id: string, arm: ArmName): readonly Bar[] {
  return minutes.map((minute) => {
    const { n, breaches } = countsOf(minute, id)?.[arm] ?? NONE;
    return {
      ...half(minute, arm),
      high: n === 0 ? 0 : breaches / n,
      title: `minute ${minute.minute}, ${arm}: ${breaches} of ${n}`,
    };
  });
}

function sampleBars(minutes: readonly Minute[], id: string, arm: ArmName): readonly Bar[] {
  return minutes.map((minute) => {
    const { n } = countsOf(minute, id)?.[arm] ?? NONE;
    const title = `minute ${minute.minute}, ${arm}: ${n} samples`;
    const whole = { from: minute.minute - 0.9, to: minute.minute - 0.1, title };
    return arm === 'canary' ? { ...whole, low: 0, high: n } : { ...whole, low: -n, high: 0 };
  });
}

/** The canary's half of a minute, and the stable's. */
function half({ minute }: Minute, arm: ArmName): Pick<Bar, 'from' | 'to'> {
  return arm === 'canary' ? { from: minute - 0.92, to: minute - 0.5 } : { from: minute - 0.48, to: minute - 0.08 };
}

function shares(counts: ProbeMinute | undefined): readonly number[] {
  return counts ? [counts.canary, counts.stable].filter(({ n }) => n > 0).map(({ n, breaches }) => breaches / n) : [];
}

function countsOf({ probes }: Minute, id: string): ProbeMinute | undefined {
  return Object.hasOwn(probes, id) ? probes[id] : undefined;
}

function inWords(counts: ProbeMinute | undefined): string {
  if (!counts) return '–';
  const { canary, stable, misrouted } = counts;
  const astray = misrouted > 0 ? `, ${misrouted} misrouted` : '';
  return `${canary.breaches}/${canary.n} · ${stable.breaches}/${stable.n}${astray}`;
}

import { inDecimals, percent } from '../../lib/model/evidence/in-words';
import type { Plan, ProbeSpec } from '../../lib/model/gate-plan';
import { html, type Markup } from './markup';
import type { ReleaseStory } from './story';
import { table } from './table';
import { timeInWords } from './words';

/** What the release had to show, as it stood in the ledger before the first minute. */
export function planSection({ plan }: ReleaseStory): Markup {
  if (!plan)
    return html`<section><h2>Plan</h2><p class="none">No plan was written: the gate never opened the release.</p></section>`;
  return html`<section><h2>Plan</h2>
<p>${planInWords(plan)}</p>
${table({
  caption: 'Probes',
  header: ['', 'bound', 'objective', 'promoted if surely below', 'samples a minute', 'weight'],
  rows: plan.probes.map(probeRow),
})}
</section>`;
}

function planInWords({
  alpha,
  beta,
  bakeMin,
  hardStopMin,
  burnInMin,
  tailMin,
  onHardStop,
  hotfix,
  coverage,
}: Plan): string {
  return (
    `A good release may be rolled back by its evidence with a chance of ${percent(alpha)}, a bad one promoted with ${percent(beta)}. ` +
    `No promotion before minute ${bakeMin}; at minute ${hardStopMin} one without proof ${onHardStop === 'pause' ? 'waits for people' : 'goes back'}. ` +
    `The first ${burnInMin} minutes warm up, the last ${tailMin} must prove it by themselves, and ${percent(coverage)} of the samples must come back.` +
    (hotfix ? ' A hotfix, sent into an incident: it had to be no worse than the stable.' : '')
  );
}

function probeRow(probe: ProbeSpec): readonly string[] {
  const { id, bound, perMinute } = probe;
  if (probe.kind === 'exact') return [id, bound, 'no answer differs', '–', String(perMinute), '–'];
  const samples = probe.passive ? 'real traffic' : `${perMinute}, up to ${Math.ceil(perMinute * probe.burst)}`;
  return [id, bound, `${percent(probe.p0)} in breach`, percent(probe.pTol), samples, inDecimals(probe.weight)];
}

/** What people were told, and what they ordered. Nothing where there was neither. */
export function toldSection({ notices = [], orders = [] }: ReleaseStory): Markup | undefined {
  const told = [
    ...notices.map(({ at, subject, text }) => ({ at, who: 'told', what: `${subject}: ${text}` })),
    ...orders.map(({ at, kind, by, reason }) => ({ at: Date.parse(at), who: `${kind} by ${by}`, what: reason })),
  ].sort((a, b) => a.at - b.at);
  if (told.length === 0) return undefined;
  return html`<section><h2>People</h2>
<ol class="told">${told.map(({ at, who, what }) => html`<li><time>${timeInWords(at)}</time> <b>${who}</b> ${what}</li>`)}</ol>
</section>`;
}

/** What was released, and around what. */
export function recordSection({ record, facts = [] }: ReleaseStory): Markup | undefined {
  const rows = [
    ...facts,
    ...(record
      ? [
          ['Git tag', record.gitTag] as const,
          ['Schema', `${record.schema.version} (${record.schema.migration})`] as const,
        ]
      : []),
    ...Object.entries(record?.digests ?? {}).map(
      ([service, digest]) => [`Image of ${service}`, html`<code>${digest}</code>`] as const,
    ),
  ];
  if (rows.length === 0) return undefined;
  return html`<section><h2>Record</h2>
<dl class="record">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
}

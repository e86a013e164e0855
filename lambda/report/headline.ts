import { html, type Markup } from './markup';
import { ReleaseClock } from './release-clock';
import type { Rehearsed, ReleaseStory } from './story';
import { minutesInWords, outcomeOf, timeInWords } from './words';

const DECIDED_BY = {
  judge: 'the judge, from the evidence',
  order: "a person's order",
  part: 'a part that failed',
} as const;

/** What became of the release, why, when, and how long it took. */
export function headline(story: ReleaseStory): Markup {
  const { release, verdict, recall, ending, rehearsed, refused } = story;
  const outcome = outcomeOf(story);
  const because = refused ?? recall?.because ?? verdict?.because ?? ending?.because ?? nothingYet(story);
  return html`<header class="hero ${outcome.kind}">
<p class="where">${story.system} <span>/</span> ${story.env}</p>
<h1><b>${release}</b> ${outcome.words}</h1>
<p class="because">${because}</p>
${rehearsed && asExpected(rehearsed)}
<dl class="facts">${facts(story).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

function asExpected({ fault, sentence, expected, asExpected }: Rehearsed): Markup {
  const said = asExpected
    ? html`<b class="good">✓ as it had to be</b>`
    : html`<b class="bad">✗ it had to be ${expected}</b>`;
  return html`<p class="rehearsed"><b>Rehearsal of ${fault}:</b> ${sentence}. ${said}</p>`;
}

function nothingYet({ startedAt, opened }: ReleaseStory): string {
  if (startedAt) return 'its canary serves its share of the users, and no verdict has been reached';
  return opened ? 'its path was being put together' : 'the gate never opened it';
}

type Fact = readonly [name: string, value: string];

function facts(story: ReleaseStory): readonly Fact[] {
  const { verdict, recall, stable, opened } = story;
  return [
    ...(verdict ? [['Decided', decided(verdict.minute)] as const, ['By', DECIDED_BY[verdict.by]] as const] : []),
    ...(recall ? [['Taken back', decided(recall.minute)] as const] : []),
    ...(stable === undefined ? [] : [['Compared with', stable] as const]),
    ...durations(story),
    ...(opened ? [['Opened', timeInWords(opened.at)] as const] : []),
    ...(story.minuteMs === 60_000 ? [] : [['One minute here', `${story.minuteMs / 1_000} s`] as const]),
  ];
}

function decided(minute: number): string {
  return minute === 0 ? 'before a user met it' : `in minute ${minute}`;
}

/** How long each part took, in minutes of the release. */
function durations(story: ReleaseStory): readonly Fact[] {
  const { opened, startedAt, verdict, ending } = story;
  const clock = new ReleaseClock(story);
  const between = (name: string, from: string | undefined, to: string | undefined): readonly Fact[] =>
    from && to ? [[name, minutesInWords(clock.minuteOf(to) - clock.minuteOf(from))]] : [];
  return [
    ...between('Putting the path together', opened?.at, startedAt),
    ...between('Share to verdict', startedAt, verdict?.at),
    ...between('Verdict to end', verdict?.at, ending?.at),
  ];
}

import { atLeft, block, cross, type Plot, picture, words } from './chart';
import { type Lane, lanesOf } from './lanes';
import { html, type Markup } from './markup';
import { ReleaseClock } from './release-clock';
import { linear, minutesScale } from './scale';
import { verdictMoments } from './share-section';
import type { ReleaseStory, TimedHappening } from './story';
import { numbers } from './table';
import { happeningInWords } from './words';

const LANE_HEIGHT = 46;

/** Each service's way through the release, side by side. */
export function lanesSection(story: ReleaseStory): Markup {
  const happenings = (story.timeline ?? []).filter(({ release }) => release === story.release);
  const clock = new ReleaseClock(story);
  return html`<section><h2>Services</h2>
${happenings.length > 0 ? lanesPicture(story, happenings, clock) : html`<p class="none">Nobody recorded what happened to its services.</p>`}
</section>`;
}

function lanesPicture(story: ReleaseStory, happenings: readonly TimedHappening[], clock: ReleaseClock): Markup {
  const lanes = lanesOf(happenings, { front: story.front, clock });
  const plot = {
    x: minutesScale(...clock.span),
    y: linear(lanes.length, 0, []),
    height: LANE_HEIGHT * lanes.length,
  };
  return html`${picture({
    ...{ plot, unit: 'min', title: 'What each service did with the release' },
    description: lanes.map(laneInWords).join('; '),
    layers: [...lanes.map((lane, row) => laneMarkup(plot, lane, row)), verdictMoments(plot, story)],
  })}
${endings(lanes)}
${numbers('Everything that happened', {
  caption: 'Everything that happened to its services',
  header: ['minute', 'service', 'what'],
  rows: happenings.map((happening) => [
    clock.minuteOf(happening.at).toFixed(1),
    happening.service,
    happeningInWords(happening),
  ]),
})}`;
}

/** The name above, the blocks below, and what went wrong on them. */
function laneMarkup(plot: Plot, { service, segments, end, troubles }: Lane, row: number): Markup {
  return html`${atLeft(plot, row + 0.3, service)}
${segments.map(({ phase, ...segment }) => {
  const title = `${service}: ${segment.label}`;
  return block(plot, { ...segment, title, top: row + 0.4, bottom: row + 0.92 }, phase);
})}
${troubles.map(({ at, words: what }) => cross(plot, [at, row + 0.66], `${service}: ${what}`))}
${end && words(plot, [end.at, row + 0.3], end.words, end.good ? 'good' : 'bad')}
`;
}

function endings(lanes: readonly Lane[]): Markup | undefined {
  const told = lanes.flatMap(({ service, end }) =>
    end?.reason ? [html`<li><b>${service}</b> ${end.words}: ${end.reason}</li>`] : [],
  );
  return told.length > 0 ? html`<ul>${told}</ul>` : undefined;
}

function laneInWords({ service, segments, end }: Lane): string {
  const went = segments.map(({ label, from, to }) => `${label} from ${from.toFixed(1)} to ${to.toFixed(1)}`);
  return `${service}: ${[...went, end?.words ?? ''].filter(Boolean).join(', ')}`;
}

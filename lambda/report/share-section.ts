import { percent } from '../../lib/model/evidence/in-words';
import type { FinalVerdict } from '../gate/ledger';
import { area, band, line, moment, type Plot, type Point, picture, steps } from './chart';
import { html, type Markup } from './markup';
import { ReleaseClock } from './release-clock';
import { minutesScale, percentScale } from './scale';
import type { ReleaseStory } from './story';

/** How many of the users met the release, and when. */
export function shareSection(story: ReleaseStory): Markup {
  const weights = frontWeights(story);
  return html`<section><h2>Share of the users</h2>
${weights.length > 0 ? sharePicture(story, weights) : html`<p class="none">${withoutShare(story)}</p>`}
</section>`;
}

/** The moments of the verdict, and of what took it back, on a chart over the release's minutes. */
export function verdictMoments(plot: Plot, { verdict, recall }: ReleaseStory): Markup {
  return html`${verdict && verdict.minute > 0 ? decided(plot, verdict) : undefined}
${recall && moment(plot, { at: recall.minute, label: `taken back, minute ${recall.minute}`, row: 1 }, 'bad')}`;
}

function decided(plot: Plot, { verdict, minute }: FinalVerdict): Markup {
  return moment(plot, { at: minute, label: `${verdict}, minute ${minute}` }, verdict === 'promote' ? 'good' : 'bad');
}

function withoutShare({ timeline, release, startedAt }: ReleaseStory): string {
  if (startedAt === undefined) return `No user met ${release}: it ended before its canary took a share.`;
  return timeline ? `No change of a weight was seen.` : 'Nobody recorded what the balancer did.';
}

function sharePicture(story: ReleaseStory, weights: readonly Point[]): Markup {
  const [from, to] = new ReleaseClock(story).span;
  const plot = { x: minutesScale(from, to), y: percentScale(1), height: 130 };
  const corners = steps([[from, 0], ...weights], to);
  return html`${picture({
    ...{ plot, unit: 'min', title: `Share of the users that ${story.release} served` },
    description: weights.map(([at, share]) => `${percent(share)} from minute ${at.toFixed(1)} on`).join(', '),
    layers: [
      band(plot, from, to, 'stable'),
      area(plot, corners, 'canary'),
      line(plot, corners, 'canary'),
      verdictMoments(plot, story),
    ],
  })}
${armsKey(story)}`;
}

/** Which colour is which release. */
export function armsKey({ release, stable }: ReleaseStory): Markup {
  return html`<p class="key"><span class="canary">${release}, the canary</span> <span class="stable">${stable ?? 'the stable release'}</span></p>`;
}

/** Minute and share at each change of the front's production weight, from the first share above 0 on. */
function frontWeights(story: ReleaseStory): readonly Point[] {
  const clock = new ReleaseClock(story);
  const weights = (story.timeline ?? []).flatMap((happening): Point[] => {
    const { service, release, at } = happening;
    const ours = happening.kind === 'weight' && service === story.front && release === story.release;
    return ours ? [[clock.minuteOf(at), happening.percent / 100]] : [];
  });
  const first = weights.findIndex(([, share]) => share > 0);
  return first < 0 ? [] : weights.slice(first);
}

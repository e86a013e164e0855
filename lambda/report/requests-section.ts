import { percent } from '../../lib/model/evidence/in-words';
import { type Bar, bars, picture } from './chart';
import { html, type Markup } from './markup';
import { ReleaseClock } from './release-clock';
import { countScale, minutesScale } from './scale';
import { armsKey, verdictMoments } from './share-section';
import type { ReleaseStory, Traffic } from './story';
import { numbers, table } from './table';

interface Counted {
  readonly requests: number;
  readonly errors: number;
}

/** Both arms in one minute. */
interface TrafficRow {
  /** Minutes of the release at which it began. */
  readonly from: number;
  readonly canary: Counted;
  readonly stable: Counted;
}

/** What requests met at the front, as the balancer counted them. Nothing where nobody counted. */
export function requestsSection(story: ReleaseStory): Markup | undefined {
  const { traffic } = story;
  if (!traffic || traffic.minutes.length === 0) return undefined;
  const rows = rowsOf(story, traffic);
  return html`<section><h2>Requests at the front</h2>
<p>What the balancer counted for the front service of each release: the users' requests, and the probes' own among them.</p>
${requestsPicture(story, rows)}
${armsKey(story)}
${table(totals(story, traffic))}
${numbers('Minute by minute', {
  caption: 'Requests, and those answered with 5xx',
  header: ['minute', 'canary', 'of them 5xx', 'stable', 'of them 5xx'],
  rows: rows.map(({ from, canary, stable }) => [
    Math.floor(from) + 1,
    ...[canary.requests, canary.errors, stable.requests, stable.errors],
  ]),
})}
</section>`;
}

function rowsOf(story: ReleaseStory, { minutes }: Traffic): readonly TrafficRow[] {
  const clock = new ReleaseClock(story);
  const starts = [...new Set(minutes.map(({ minuteStart }) => minuteStart))].sort((a, b) => a - b);
  const of = (release: string | undefined, start: number) =>
    minutes.find((minute) => minute.release === release && minute.minuteStart === start) ?? { requests: 0, errors: 0 };
  return starts.map((start) => ({
    from: clock.minuteOf(start),
    canary: of(story.release, start),
    stable: of(story.stable, start),
  }));
}

function requestsPicture(story: ReleaseStory, rows: readonly TrafficRow[]): Markup {
  const both = rows.map(({ canary, stable }) => canary.requests + stable.requests);
  const plot = { x: minutesScale(...new ReleaseClock(story).span), y: countScale(Math.max(...both)), height: 110 };
  return picture({
    ...{ plot, unit: 'min', title: 'Requests in each minute, and those answered with 5xx' },
    description: `${both.reduce((sum, n) => sum + n, 0)} requests in ${rows.length} minutes, at most ${Math.max(...both)} in one`,
    layers: [
      bars(
        plot,
        rows.map((row) => bar(row, 'stable', row.canary.requests)),
        'stable',
      ),
      bars(
        plot,
        rows.map((row) => bar(row, 'canary', 0)),
        'canary',
      ),
      bars(plot, rows.map(errorBar), 'bad'),
      verdictMoments(plot, story),
    ],
  });
}

function bar(row: TrafficRow, arm: 'canary' | 'stable', low: number): Bar {
  const { requests, errors } = row[arm];
  const title = `${arm}: ${requests} requests, ${errors} of them 5xx`;
  return { ...within(row), low, high: low + requests, title };
}

function errorBar(row: TrafficRow): Bar {
  const high = row.canary.errors + row.stable.errors;
  return { ...within(row), high, title: `5xx: ${row.canary.errors} of the canary, ${row.stable.errors} of the stable` };
}

/** A minute, with air between it and the next. */
function within({ from }: TrafficRow): Pick<Bar, 'from' | 'to'> {
  return { from: from + 0.1, to: from + 0.9 };
}

function totals({ release, stable }: ReleaseStory, { minutes, bucketsMs }: Traffic) {
  const ends = bucketsMs.filter((ms) => SHOWN_ENDS_MS.includes(ms));
  const of = (id: string | undefined) => minutes.filter((minute) => minute.release === id);
  const row = (name: string, id: string | undefined) => {
    const ours = of(id);
    const requests = sum(ours.map((minute) => minute.requests));
    const errors = sum(ours.map((minute) => minute.errors));
    const slower = ends.map((end) => sum(ours.map(({ buckets }) => sum(buckets.slice(bucketsMs.indexOf(end) + 1)))));
    return [name, requests, shareOf(errors, requests), ...slower.map((count) => shareOf(count, requests))];
  };
  return {
    caption: 'Requests while the release was under way',
    header: ['', 'requests', '5xx', ...ends.map((ms) => `over ${ms} ms`)],
    rows: [row(release, release), row(stable ?? 'stable', stable)],
  };
}

const SHOWN_ENDS_MS = [100, 250, 1_000];

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '–' : `${part} (${percent(part / whole)})`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

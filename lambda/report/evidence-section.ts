import type { RateProbe } from '../../lib/model/gate-plan';
import { figure } from '../gate/reason';
import { band, limit, line, type Plot, picture } from './chart';
import { evidenceCurve, type Judged, shareCurve } from './judged';
import { html, type Markup } from './markup';
import { ReleaseClock } from './release-clock';
import { logScale, minutesScale } from './scale';
import { verdictMoments } from './share-section';
import type { ReleaseStory } from './story';
import { numbers } from './table';

/** Least and most that the axis shows beside the limit, as natural logs. */
const AT_LEAST = Math.log(0.01);
const ABOVE_LIMIT = Math.log(10);

/** What spoke against the release, up to the limit at which it goes back. */
export function evidenceSection(story: ReleaseStory, judged: Judged): Markup {
  const lnLimit = -Math.log(judged.plan.alpha);
  return html`<section><h2>Evidence against it</h2>
<p>After each minute the judge asks how much more likely these measurements are if the release breaks an objective than if it is innocent.
At ${figure(lnLimit)} to 1 it goes back; an innocent release ever gets there with a chance of 1 in ${figure(lnLimit)} at most.</p>
${evidencePicture(story, judged, lnLimit)}
<p class="key"><span class="against">the release</span> <span class="part">what each probe adds to it</span></p>
${numbers('Minute by minute', {
  caption: 'What the judge said after each minute',
  header: ['minute', 'verdict', 'because', 'probe', 'evidence'],
  rows: [
    ...judged.verdicts.map(({ verdict, because, probe, evidence }) => [
      ...[evidence.minute, verdict, because, probe ?? ''],
      figure(evidence.lnE),
    ]),
    ...judged.finalBake.map(({ minute, lnE }) => [minute, '', 'final bake', '', figure(lnE)]),
  ],
})}
</section>`;
}

function evidencePicture(story: ReleaseStory, judged: Judged, lnLimit: number): Markup {
  const curve = evidenceCurve(judged);
  const highest = Math.max(...curve.map(([, ln]) => ln));
  const lowest = Math.min(0, ...curve.map(([, ln]) => ln));
  const y = logScale(Math.max(AT_LEAST, lowest), Math.max(highest, lnLimit + ABOVE_LIMIT));
  const plot: Plot = { x: minutesScale(...new ReleaseClock(story).span), y, height: 200 };
  const rates = judged.plan.probes.filter((probe): probe is RateProbe => probe.kind === 'rate');
  const [minute, last] = curve.at(-1)!;
  return picture({
    ...{ plot, unit: 'min', title: 'Evidence against the release, on a logarithmic scale' },
    description: `${figure(last)} after minute ${minute}, at most ${figure(highest)}; the release goes back at ${figure(lnLimit)}`,
    layers: [
      band(plot, 0, judged.plan.burnInMin, 'burn-in'),
      limit(plot, lnLimit, `rollback at ${figure(lnLimit)}`, 'bad'),
      ...rates.map((probe) => line(plot, shareCurve(judged, probe), 'part')),
      line(plot, curve, 'against'),
      verdictMoments(plot, story),
    ],
  });
}

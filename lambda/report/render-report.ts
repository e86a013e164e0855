import { planSection, recordSection, toldSection } from './closing-sections';
import { evidenceSection } from './evidence-section';
import { headline } from './headline';
import { judgedOf } from './judged';
import { lanesSection } from './lanes-section';
import { html, type Markup } from './markup';
import { page } from './page';
import { probesSection } from './probe-section';
import { requestsSection } from './requests-section';
import { shareSection } from './share-section';
import type { ReleaseStory } from './story';
import { outcomeOf } from './words';

/** A release as one page that needs nothing else: no script, nothing fetched, for every screen, light and dark. */
export function renderReport(story: ReleaseStory): string {
  const title = `${story.release} ${outcomeOf(story).words} · ${story.system}/${story.env}`;
  const body = html`${headline(story)}
<main>
${shareSection(story)}
${measured(story)}
${lanesSection(story)}
${requestsSection(story)}
${planSection(story)}
${toldSection(story)}
${recordSection(story)}
</main>`;
  return page(title, body);
}

function measured(story: ReleaseStory): Markup {
  const judged = judgedOf(story);
  if (typeof judged === 'string') return html`<section><h2>Measurements</h2><p class="none">${judged}</p></section>`;
  return html`${evidenceSection(story, judged)}
${probesSection(story, judged)}`;
}

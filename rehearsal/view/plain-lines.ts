import { figure } from '../../lambda/gate/reason';
import type { Happening } from '../../lambda/report/story';
import { happeningInWords } from '../../lambda/report/words';
import type { Minute, Plan, Verdict } from '../../lib/model/gate-plan';
import { ink } from './ink';
import type { Subject } from './view-state';

/** How a release ended, and where that is told at length. */
export interface Ended {
  readonly outcome: string;
  readonly because: string;
  /** Of the verdict; 0 before the canary took traffic. */
  readonly minute: number;
  readonly asExpected: boolean;
  /** Path of the report. */
  readonly report: string;
}

/** Something worth a line where there is no terminal. */
export type PlainEvent =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'begun'; readonly subject: Subject }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'happened'; readonly happening: Happening }
  | { readonly kind: 'minute'; readonly minute: Minute; readonly verdict: Verdict | undefined }
  | { readonly kind: 'ended'; readonly release: string; readonly ended: Ended };

/** One line for people and for `grep`: seconds since the release began, and what happened. */
export function plainLine(elapsedMs: number, event: PlainEvent): string {
  return ink(`[${(elapsedMs / 1_000).toFixed(1).padStart(6)} s] ${inWords(event)}`).text;
}

function inWords(event: PlainEvent): string {
  switch (event.kind) {
    case 'note':
      return event.text;
    case 'begun':
      return `${event.subject.release} begins, ${event.subject.title}: ${event.subject.sentence}`;
    case 'planned':
      return planInWords(event.plan);
    case 'happened':
      return `${event.happening.release} ${event.happening.service}: ${happeningInWords(event.happening)}`;
    case 'minute':
      return minuteInWords(event.minute, event.verdict);
    case 'ended':
      return `${event.release} ${endInWords(event.ended)}: ${event.ended.because}; report: ${event.ended.report}`;
  }
}

/** `rolled back in minute 9, as expected`. */
export function endInWords({ outcome, minute, asExpected }: Ended): string {
  const early = outcome === 'undone' ? 'in the middle' : 'before a user met it';
  const when = minute === 0 ? early : `in minute ${minute}`;
  return `${outcome} ${when}, ${asExpected ? 'as expected' : 'NOT as expected'}`;
}

function planInWords({ release, stable, bakeMin, hardStopMin, probes }: Plan): string {
  const ids = probes.map(({ id }) => id).join(', ');
  return `${release} is judged beside ${stable} by ${ids} from minute ${bakeMin} to ${hardStopMin}`;
}

/** `minute 7: login 1/20 beside 0/20, …; E = 3.2 of 100; extend BAKING`. */
function minuteInWords({ minute, probes }: Minute, verdict: Verdict | undefined): string {
  const counts = Object.entries(probes).map(
    ([id, { canary, stable }]) => `${id} ${canary.breaches}/${canary.n} beside ${stable.breaches}/${stable.n}`,
  );
  const judged = verdict
    ? [`E = ${figure(verdict.evidence.lnE)} of ${figure(Math.log(verdict.evidence.threshold))}`, said(verdict)]
    : [];
  return `minute ${minute}: ${[counts.join(', ') || 'nothing was counted', ...judged].join('; ')}`;
}

function said({ verdict, because, probe }: Verdict): string {
  return [verdict, because, probe].filter(Boolean).join(' ');
}

import type { Evidence, Minute, Plan, RateEvidence, RateProbe, Verdict } from '../../lib/model/gate-plan';
import { ConfigError } from '../../lib/model/problem';
import { replay, replayFinalBake } from '../gate/replay';
import type { Point } from './chart';
import type { ReleaseStory } from './story';

/** What the judge saw after each minute, recomputed from what was recorded. */
export interface Judged {
  readonly plan: Plan;
  readonly minutes: readonly Minute[];
  /** One for each minute that was judged; the last one is the last word. */
  readonly verdicts: readonly Verdict[];
  /** What the minutes after a promotion added. */
  readonly finalBake: readonly Evidence[];
}

/** @returns in words why there is nothing to show, where there is nothing */
export function judgedOf({ plan, minutes, release, startedAt }: ReleaseStory): Judged | string {
  if (!plan) return `${release} was never opened, so nothing was measured.`;
  if (startedAt === undefined)
    return `${release} ended before its canary took a share of the users, so nothing was measured.`;
  if (minutes.length === 0) return 'No minute of measurements was recorded.';
  try {
    const verdicts = untilFinal(replay(plan, minutes));
    const { verdict, minute } = verdicts.at(-1)!;
    const finalBake = verdict === 'promote' ? replayFinalBake(plan, minutes, minute) : [];
    return { plan, minutes, verdicts, finalBake };
  } catch (error) {
    if (error instanceof ConfigError) return `The recorded minutes cannot be judged: ${error.message}`;
    throw error;
  }
}

/** Without the repetitions that follow the last minute that was judged. */
function untilFinal(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter(({ evidence }, i) => evidence.minute !== verdicts[i - 1]?.evidence.minute);
}

/** What all minutes have shown, the final bake's too. */
export function evidenceOf({ verdicts, finalBake }: Judged): readonly Evidence[] {
  return [...verdicts.map(({ evidence }) => evidence), ...finalBake];
}

/** ln E of the release after each minute; 1 before the first. */
export function evidenceCurve(judged: Judged): readonly Point[] {
  return [[0, 0], ...evidenceOf(judged).map(({ minute, lnE }): Point => [minute, lnE])];
}

/** ln of what one probe adds to E. */
export function shareCurve(judged: Judged, { id }: RateProbe): readonly Point[] {
  return evidenceOf(judged).map(({ minute, lnE, probes }) => {
    const { share } = probes[id] as RateEvidence;
    return [minute, lnE + Math.log(share)];
  });
}

/** ln of a certificate after each minute; 1 before the first. */
export function certificateCurve(
  { verdicts }: Judged,
  { id }: RateProbe,
  of: 'certWhole' | 'certTail',
): readonly Point[] {
  const shown = verdicts.map(({ evidence }): Point => [evidence.minute, (evidence.probes[id] as RateEvidence)[of]]);
  return [[0, 0], ...shown];
}

/** First minute from which on a probe was certified to the end; undefined if it was not in the end. */
export function certifiedSince({ verdicts }: Judged, id: string): number | undefined {
  const last = verdicts.findLastIndex(({ evidence }) => !evidence.probes[id]!.certified);
  return verdicts[last + 1]?.evidence.minute;
}

export function lastOf({ verdicts }: Judged): Verdict {
  return verdicts.at(-1)!;
}

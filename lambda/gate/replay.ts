import type { Evidence, Minute, Plan, Verdict } from '../../lib/model/gate-plan';
import { evidenceOf } from './evidence';
import { foldAll, judgeFinalBake, verdictOf } from './judge';

/**
 * What the gate said, or would have said, after each minute: `judge` of every beginning of the minutes, in one pass.
 *
 * From the final minute on every answer is the final one.
 *
 * @throws ConfigError like `judge`
 */
export function replay(plan: Plan, minutes: readonly Minute[]): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  foldAll(plan, minutes, (trial) => verdicts.push(verdictOf(trial)));
  return verdicts;
}

/**
 * What each minute of the final bake added to the evidence that the promotion left, until one takes the promotion back.
 *
 * @param promotedAt minute of the promotion
 * @throws ConfigError like `judge`
 */
export function replayFinalBake(plan: Plan, minutes: readonly Minute[], promotedAt: number): readonly Evidence[] {
  const evidence: Evidence[] = [];
  judgeFinalBake(plan, minutes, promotedAt, (trial) => evidence.push(evidenceOf(trial)));
  return evidence;
}

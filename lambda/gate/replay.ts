import type { Minute, Plan, Verdict } from '../../lib/model/gate-plan';
import { foldAll, verdictOf } from './judge';

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

import { judgeFinalBake } from '../../lambda/gate/judge';
import { replayFinalBake } from '../../lambda/gate/replay';
import type { Evidence, Minute, Plan, Verdict } from '../../lib/model/gate-plan';

/** What the minutes after a promotion say. */
export interface FinalBake {
  /** After each minute, up to the one that takes the promotion back. */
  readonly evidence: readonly Evidence[];
  /** The verdict that takes it back; undefined if none does. */
  readonly recall: Verdict | undefined;
}

/** @returns undefined where nothing was promoted, no minute followed, or the plan's version judges none that does */
export function finalBakeOf(
  plan: Plan,
  minutes: readonly Minute[],
  { verdict, minute }: Verdict,
): FinalBake | undefined {
  if (plan.version === 1 || verdict !== 'promote' || minutes.length === minute) return undefined;
  return { evidence: replayFinalBake(plan, minutes, minute), recall: judgeFinalBake(plan, minutes, minute) };
}

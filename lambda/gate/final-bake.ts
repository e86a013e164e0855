import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { GateContext } from './gathering';
import { judgeFinalBake } from './judge';
import type { FinalVerdict, Recall } from './ledger';
import { hasEnded } from './ports';
import { reasonOf } from './reason';

/** What may take a promotion back: a person, or the evidence of the minutes since. */
type Cause = Pick<Recall, 'by' | 'because' | 'minute' | 'judged'>;

/** What the gate knows of a promoted release: its verdict, and the minutes that could be read. */
export interface Promoted {
  readonly verdict: FinalVerdict;
  readonly plan: Plan;
  readonly minutes: readonly Minute[];
}

/**
 * Take a promotion back, if its final bake has shown that it should be and every service can still go back.
 *
 * Written once; where it stands already, that is the answer. Once a service has left its bake the release stays whole as it
 * is, and people are told what was found.
 */
export async function recall(gate: GateContext, id: string, promoted: Promoted): Promise<Recall | undefined> {
  const { ledger, ports } = gate;
  const stands = await ledger.recall(id);
  if (stands) return stands;
  const cause = causeOf(promoted, await abortOf(gate, id, promoted.verdict));
  if (!cause) return undefined;
  if (!(await isWholeInItsBake(gate, id))) return tellTooLate(gate, id, cause);
  const ours = { ...cause, minutes: promoted.minutes, at: new Date(ports.now()).toISOString() };
  const recalled = await ledger.writeRecall(id, ours);
  const isFirst = recalled.at === ours.at && recalled.because === ours.because;
  if (isFirst) await ports.notices.notify(`${id}: taken back`, recalled.because);
  return recalled;
}

function causeOf({ verdict, plan, minutes }: Promoted, abort: Cause | undefined): Cause | undefined {
  if (abort) return abort;
  if (verdict.by !== 'judge') return undefined;
  const judged = judgeFinalBake(plan, minutes, verdict.minute);
  if (!judged) return undefined;
  return { by: 'judge', because: `in its final bake: ${reasonOf(plan, judged)}`, minute: judged.minute, judged };
}

/** An abort that came after the verdict, or just before and too late to be read; unless an override followed it. */
async function abortOf({ ledger }: GateContext, id: string, { minute }: FinalVerdict): Promise<Cause | undefined> {
  const last = (await ledger.orders(id)).findLast(({ kind }) => kind === 'abort' || kind === 'override');
  if (last?.kind !== 'abort') return undefined;
  return { by: 'order', because: `abort by ${last.by}: ${last.reason}`, minute };
}

/** Everybody or nobody: one service alone is never sent back. */
async function isWholeInItsBake({ ports, config }: GateContext, id: string): Promise<boolean> {
  const ours = (await ports.deployments.latest()).filter(({ release }) => release === id);
  return ours.length >= config.services.length && !ours.some(hasEnded);
}

async function tellTooLate({ ledger, ports }: GateContext, id: string, { because }: Cause): Promise<undefined> {
  const reason = 'too late to take back';
  if ((await ledger.waiting(id)) === reason) return;
  await ledger.writeWaiting(id, reason);
  await ports.notices.notify(
    `${id}: ${reason}`,
    `${because}; a service has left its final bake, so a person must go back`,
  );
}

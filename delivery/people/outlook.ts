import type { Ledger } from '../../lambda/gate/ledger';
import type { LedgerStore } from '../../lambda/gate/ports';
import type { ReleaseWindow } from '../../lib/model/delivery';
import { type OrderEnd, OrderRecord, type StageRecord } from '../order/record';
import type { StageName } from '../order/stages';
import { closedBecause } from '../order/window';

/** The order of a release: what is behind it, and what stands in its way now. */
export interface Outlook {
  /** Undefined for any release that would come next. */
  readonly release: string | undefined;
  readonly stages: readonly StageRecord[];
  readonly end: OrderEnd | undefined;
  /** Why a stage would fail if it came now, by stage. */
  readonly blocked: Readonly<Partial<Record<StageName, string>>>;
}

/** @throws Error in one line if there is no such release */
export async function outlookOn(
  { ledger, store }: { readonly ledger: Ledger; readonly store: LedgerStore },
  release: string | undefined,
  { window, now }: { readonly window: ReleaseWindow | undefined; readonly now: number },
): Promise<Outlook> {
  if (release !== undefined && (await ledger.release(release)) === undefined)
    throw new Error(`plan: expected a release in the ledger, got ${release}; see history`);
  const record = release === undefined ? undefined : new OrderRecord(store, release);
  const [freeze, live, closed] = [await ledger.freeze(), await ledger.live(), closedBecause(window, now)];
  const held = live !== undefined && live !== release ? `${live} is still under way` : undefined;
  const frozen = freeze?.frozen ? `frozen by ${freeze.by}: ${freeze.reason}` : held;
  return {
    ...{ release, stages: (await record?.stages()) ?? [], end: await record?.end() },
    blocked: {
      ...(closed === undefined ? {} : { window: closed }),
      ...(frozen === undefined ? {} : { freeze: frozen }),
    },
  };
}

import type { Ending, FinalVerdict, Ledger } from '../../lambda/gate/ledger';
import type { LedgerStore } from '../../lambda/gate/ports';
import type { SchemaLevel } from '../../lib/model/release';
import { releasesIn } from './standing';

/** One release of the past, or the one under way. */
export interface HistoryEntry {
  readonly id: string;
  readonly openedAt: string | undefined;
  readonly outcome: Ending['outcome'] | 'under way' | 'first';
  /** Who decided; undefined while nobody has. */
  readonly by: FinalVerdict['by'] | undefined;
  readonly minute: number | undefined;
  readonly because: string;
  readonly schema: SchemaLevel | undefined;
}

/** Releases, the newest first. */
export async function historyOf(ledger: Ledger, store: LedgerStore): Promise<readonly HistoryEntry[]> {
  const ids = [...(await releasesIn(store))].reverse();
  return Promise.all(ids.map((id) => entry(ledger, id)));
}

async function entry(ledger: Ledger, id: string): Promise<HistoryEntry> {
  const [ending, recall, verdict] = [await ledger.ending(id), await ledger.recall(id), await ledger.verdict(id)];
  const opened = await ledger.opened(id);
  return {
    id,
    openedAt: opened?.at,
    outcome: ending?.outcome ?? (id === (await ledger.live()) || opened ? 'under way' : 'first'),
    by: recall?.by ?? verdict?.by,
    minute: recall?.minute ?? verdict?.minute,
    because: ending?.because ?? verdict?.because ?? '',
    schema: (await ledger.release(id))?.schema,
  };
}

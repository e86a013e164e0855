import type { Ending, FinalVerdict, Ledger, Recall } from '../../lambda/gate/ledger';
import type { LedgerStore } from '../../lambda/gate/ports';
import type { Order, Release } from '../../lib/model/release';
import { type OrderEnd, OrderRecord } from '../order/record';
import type { BillSummary } from './bill';
import { chatMessage } from './chat';
import type { Commit } from './commits';
import { markdown } from './markdown';
import type { ScanSummary } from './scan';

/** What the build knows of a release and the ledger does not. */
export interface Built {
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** By service. */
  readonly bills: Readonly<Record<string, BillSummary>>;
  readonly scans: Readonly<Record<string, ScanSummary>>;
}

/** Everything that a release's notes tell. */
export interface Notes extends Built {
  readonly release: Release;
  /** The release it replaces, or was to replace. */
  readonly before: string | undefined;
  readonly verdict: FinalVerdict | undefined;
  readonly recall: Recall | undefined;
  readonly ending: Ending | undefined;
  readonly order: OrderEnd | undefined;
  readonly orders: readonly Order[];
}

/** @throws Error in one line if the ledger has no such release */
export async function notesOf(ledger: Ledger, store: LedgerStore, id: string, built: Built): Promise<Notes> {
  const release = await ledger.release(id);
  if (!release) throw new Error(`notes: expected a release in the ledger, got ${id}; see history`);
  return {
    ...built,
    release,
    before: (await ledger.plan(id))?.stable,
    verdict: await ledger.verdict(id),
    recall: await ledger.recall(id),
    ending: await ledger.ending(id),
    order: await new OrderRecord(store, id).end(),
    orders: await ledger.orders(id),
  };
}

/** Keep the notes beside the release: for readers, for a chat, and as data. */
export async function keepNotes(store: LedgerStore, notes: Notes): Promise<void> {
  const folder = `releases/${notes.release.id}`;
  await store.put(`${folder}/notes.md`, markdown(notes));
  await store.put(`${folder}/notes.chat.json`, chatMessage(notes));
  await store.put(`${folder}/notes.json`, JSON.stringify(notes));
}

import { Ledger } from '../../lambda/gate/ledger';
import type { LedgerStore, NoticePort } from '../../lambda/gate/ports';
import type { OrderEnd } from '../order/record';
import { chatDetails } from './chat';
import { type Built, keepNotes, type Notes, notesOf } from './notes';

/** What the build wrote down for a release's notes; nothing, where no build did, as in a rehearsal. */
export async function builtOf(store: LedgerStore, id: string): Promise<Built | undefined> {
  const text = await store.get(`releases/${id}/built.json`);
  return text === undefined ? undefined : (JSON.parse(text) as Built);
}

/** Tell people how a release ended and what it brought, and keep that in the ledger. Notes that fail do not keep it from ending. */
export async function tellEnd(
  { ledger, notices }: { readonly ledger: LedgerStore; readonly notices: NoticePort },
  id: string,
  end: OrderEnd,
): Promise<void> {
  const details = await endNotes(ledger, id, end).then(
    (notes) => (notes ? chatDetails(notes) : []),
    (error: Error) => [`its notes could not be written: ${error.message}`],
  );
  await notices.notify(`${id}: ${end.outcome}`, [end.because, ...details].join('\n'));
}

async function endNotes(store: LedgerStore, id: string, order: OrderEnd): Promise<Notes | undefined> {
  const built = await builtOf(store, id);
  if (built === undefined) return undefined;
  const notes = { ...(await notesOf(new Ledger(store), store, id, built)), order };
  await keepNotes(store, notes);
  return notes;
}

import type { LedgerStore } from '../../lambda/gate/ports';
import type { Word } from '../people/orders';

/** One breaking of the glass, as the ledger keeps it: `system/break-glass/000001.json`. */
export interface BrokenGlass extends Word {
  readonly to: string;
  /** Release that served everybody before, where one did. */
  readonly from?: string;
}

const ROW = 'system/break-glass/';
const ENDED = 'system/break-glass-ended/';

export interface NumberedGlass {
  readonly glass: BrokenGlass;
  readonly number: string;
}

/** The way back that somebody is on now, if anybody is. */
export async function openGlass(store: LedgerStore): Promise<NumberedGlass | undefined> {
  const last = (await store.list(ROW)).at(-1);
  if (last === undefined) return undefined;
  const number = last.slice(ROW.length);
  const [text, ended] = [await store.get(last), await store.get(`${ENDED}${number}`)];
  return text === undefined || ended !== undefined ? undefined : { glass: JSON.parse(text), number };
}

/** One glass is broken at a time; the same one may be taken up again. @throws Error in one line if somebody goes elsewhere */
export async function takeGlass(store: LedgerStore, ours: BrokenGlass): Promise<NumberedGlass> {
  for (;;) {
    const open = await openGlass(store);
    if (open && open.glass.to !== ours.to) {
      const { by, to, at, reason } = open.glass;
      throw new Error(
        `break-glass: expected nobody else on the way back, got ${by} going to ${to} since ${at}: ${reason}; ` +
          `${by} was first, go to ${to} too, or wait`,
      );
    }
    if (open) return open;
    const number = `${String((await store.list(ROW)).length + 1).padStart(6, '0')}.json`;
    if (await store.putIfAbsent(`${ROW}${number}`, JSON.stringify(ours))) return { glass: ours, number };
  }
}

export function endGlass(store: LedgerStore, { number }: NumberedGlass, at: string): Promise<void> {
  return store.put(`${ENDED}${number}`, JSON.stringify({ at }));
}

import { type BillSummary, readBill } from '../../delivery/release-notes/bill';
import { commitsBetween } from '../../delivery/release-notes/commits';
import { builtOf } from '../../delivery/release-notes/ending';
import { markdown } from '../../delivery/release-notes/markdown';
import { type Built, keepNotes, notesOf } from '../../delivery/release-notes/notes';
import { readScan, type ScanSummary } from '../../delivery/release-notes/scan';
import type { Ledger } from '../../lambda/gate/ledger';
import type { LedgerStore } from '../../lambda/gate/ports';
import { readText } from '../files';
import type { Flags } from './commands';
import { placeOf } from './place';

export interface NotesFlags extends Flags {
  readonly repository: string;
  /** False: leave them out. */
  readonly commits: boolean;
  readonly sbom?: readonly string[];
  readonly scan?: readonly string[];
  readonly dryRun?: boolean;
}

/** Write a release's notes, and keep them in the ledger. */
export async function writeNotes(flags: NotesFlags, id: string): Promise<void> {
  const { ledger, store } = await placeOf(flags);
  const notes = await notesOf(
    ledger,
    store,
    id,
    (await builtBy(store, flags, id)) ?? (await builtHere(ledger, flags, id)),
  );
  if (!flags.dryRun) await keepNotes(store, notes);
  process.stdout.write(flags.json ? `${JSON.stringify(notes, undefined, 2)}\n` : markdown(notes));
}

/** What the pipeline's build left in the ledger, unless somebody names files of their own. */
async function builtBy(store: LedgerStore, { sbom, scan }: NotesFlags, id: string): Promise<Built | undefined> {
  return sbom || scan ? undefined : builtOf(store, id);
}

async function builtHere(ledger: Ledger, flags: NotesFlags, id: string): Promise<Built> {
  const release = await ledger.release(id);
  const stable = (await ledger.plan(id))?.stable ?? (await ledger.stable());
  const before = stable === undefined || stable === id ? undefined : (await ledger.release(stable))?.gitTag;
  const commits = release && flags.commits ? await commitsBetween(flags.repository, before, release.gitTag) : [];
  return {
    commits,
    bills: byService<BillSummary>('--sbom', flags.sbom, readBill),
    scans: byService<ScanSummary>('--scan', flags.scan, readScan),
  };
}

/** @throws Error in one line if one of them is not `service=file` */
function byService<T>(
  option: string,
  given: readonly string[] = [],
  read: (file: string, text: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    given.map((pair) => {
      const [, service, file] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      if (service === undefined || file === undefined)
        throw new Error(`${option}: expected service=file, got ${pair}; say whose it is`);
      return [service, read(file, readText(file, `give the ${option.slice(2)} of ${service}`))];
    }),
  );
}

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBill } from '../../delivery/release-notes/bill';
import { commitsBetween } from '../../delivery/release-notes/commits';
import type { Built } from '../../delivery/release-notes/notes';
import { readScan } from '../../delivery/release-notes/scan';
import { readText } from '../files';

export interface BuiltOptions {
  readonly repository: string;
  readonly commit: string;
  /** Tag of the release before. @default - there is none, and every commit is new */
  readonly since?: string;
  /** Folder with `sbom/<image>.json` and `scans/<image>.json`; `built.json` is written there. */
  readonly record: string;
}

/** Write down what a release's notes will tell of its build. */
export async function writeBuilt({ repository, commit, since, record }: BuiltOptions): Promise<void> {
  const built: Built = {
    commits: await commitsBetween(repository, since, commit),
    bills: byImage(join(record, 'sbom'), readBill),
    scans: byImage(join(record, 'scans'), readScan),
  };
  writeFileSync(join(record, 'built.json'), `${JSON.stringify(built, undefined, 2)}\n`);
}

function byImage<T>(folder: string, read: (file: string, text: string) => T): Readonly<Record<string, T>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => {
      const path = join(folder, file);
      return [file.replace(/\.json$/, ''), read(path, readText(path, 'run the build again'))];
    }),
  );
}

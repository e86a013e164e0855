import { writeFileSync } from 'node:fs';
import type { ReleaseResult } from '../../rehearsal/release-run';
import type { RehearseOptions } from './options';

/** What became of a release, and where its report lies. */
export interface Reported extends ReleaseResult {
  readonly report: string;
}

/** Write the results where `--json` says. */
export function summarize(results: readonly Reported[], { json }: RehearseOptions): void {
  if (!json) return;
  const rows = results.map(({ facts, fault, ...result }) => ({
    ...{ fault: fault.name, expected: fault.expected.outcome },
    ...result,
  }));
  const text = `${JSON.stringify(rows, undefined, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else writeFileSync(json, text);
}

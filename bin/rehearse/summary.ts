import { writeFileSync } from 'node:fs';
import type { ReleaseResult } from '../../rehearsal/release-run';
import type { RehearseOptions } from './options';

export function summarize(results: readonly ReleaseResult[], { json }: RehearseOptions): void {
  if (!json) return;
  const rows = results.map(({ facts, fault, ...result }) => ({
    ...result,
    fault: fault.name,
    expected: fault.expected.outcome,
  }));
  const text = `${JSON.stringify(rows, undefined, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else writeFileSync(json, text);
}

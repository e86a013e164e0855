import { writeFileSync } from 'node:fs';
import { percent } from '../../lib/model/evidence/in-words';
import { rateInterval } from '../../rehearsal/rate-interval';
import type { ReleaseResult } from '../../rehearsal/release-run';
import type { RehearseOptions } from './options';

/** What became of a release, and where its report lies. */
export interface Reported extends ReleaseResult {
  readonly report: string;
}

/** What became of each release in a line; after an A/A rehearsal also how often a good release goes back at most. */
export function summary(results: readonly Reported[], { aa }: Pick<RehearseOptions, 'aa'>): readonly string[] {
  const width = Math.max(...results.map(({ fault }) => fault.name.length));
  const lines = results.map(({ asExpected, fault, outcome, minute, report }) => {
    const sign = asExpected ? '✓' : '✗';
    const expected = asExpected ? '' : `, expected ${fault.expected.outcome}`;
    return `${sign} ${fault.name.padEnd(width)}  ${outcome}${minute > 0 ? ` in minute ${minute}` : ''}${expected}  ${report}`;
  });
  return aa ? [...lines, falseRollbacks(results)] : lines;
}

function falseRollbacks(results: readonly Reported[]): string {
  const back = results.filter(({ outcome }) => outcome !== 'promoted').length;
  const { low, high } = rateInterval(back, results.length);
  const interval = `${percent(low)} to ${percent(high)}`;
  return `${back} of ${results.length} good releases went back; the rate lies within ${interval} with 95 %`;
}

/** Write the results where `--json` says. */
export function writeResults(results: readonly Reported[], { json }: Pick<RehearseOptions, 'json'>): void {
  if (!json) return;
  const rows = results.map(({ facts, fault, ...result }) => ({
    ...{ fault: fault.name, expected: fault.expected.outcome },
    ...result,
  }));
  const text = `${JSON.stringify(rows, undefined, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else writeFileSync(json, text);
}

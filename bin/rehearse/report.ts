import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../../lambda/report/render-report';
import type { Rehearsal } from '../../rehearsal/rehearsal';
import type { ReleaseResult } from '../../rehearsal/release-run';
import type { RehearseOptions } from './options';

/** Write the report of a release. @returns its path */
export async function writeReport(
  rehearsal: Rehearsal,
  result: ReleaseResult,
  { output }: Pick<RehearseOptions, 'output'>,
): Promise<string> {
  const path = join(output, `${result.release}-${result.fault.name}.html`);
  writeFileSync(path, renderReport(await rehearsal.story(result)));
  return path;
}

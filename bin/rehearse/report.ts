import { join } from 'node:path';
import type { ReleaseResult } from '../../rehearsal/release-run';
import type { RehearseOptions } from './options';

export function writeReport(
  { release, fault }: ReleaseResult,
  { output }: RehearseOptions,
  _stores: readonly string[],
): string {
  return join(output, `${release}-${fault.name}.html`);
}

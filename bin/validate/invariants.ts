import type { Assembly } from './assembly';
import { entranceFaults } from './entrance-invariants';
import { foundationFaults } from './foundation-invariants';
import { releaseFaults } from './release-invariants';
import type { Fault } from './resources';

/** What no validator sees: values that are legal alone and wrong together. */
export function invariantFaults(assembly: Assembly): readonly Fault[] {
  return [...releaseFaults(assembly), ...entranceFaults(assembly), ...foundationFaults(assembly)];
}

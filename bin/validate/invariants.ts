import type { Assembly } from './assembly';
import { dataFaults } from './data-invariants';
import { entranceFaults } from './entrance-invariants';
import { foundationFaults } from './foundation-invariants';
import { reachFaults } from './reach-invariants';
import { releaseFaults } from './release-invariants';
import type { Fault } from './resources';
import { rightsFaults } from './rights-invariants';
import { rolloutFaults } from './rollout-invariants';

const RULES = [rolloutFaults, releaseFaults, entranceFaults, reachFaults, dataFaults, rightsFaults, foundationFaults];

/** What no validator sees: values that are legal alone and wrong together. */
export function invariantFaults(assembly: Assembly): readonly Fault[] {
  return RULES.flatMap((rule) => rule(assembly));
}

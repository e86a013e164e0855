import type { Arm, Minute, ProbeMinute } from '../../lib/model/gate-plan';

/** Breaches on canary and stable, of so many samples each. */
export function pair(canary: number, stable: number, n = 20, stableN = n): ProbeMinute {
  return { canary: arm(n, canary), stable: arm(stableN, stable), misrouted: 0 };
}

export function arm(n: number, breaches = 0, hard = 0): Arm {
  return { n, breaches, hard };
}

/** Minutes from the probes' counts in each, numbered from 1. */
export function minutesOf(...probes: readonly Minute['probes'][]): Minute[] {
  return probes.map((counts, i) => ({ minute: i + 1, probes: counts }));
}

/** The same thing so many times over. */
export function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** One probe without a breach, as the default plan schedules it. */
const CLEAN: Minute['probes'] = {
  login: pair(0, 0, 20),
  reflect: pair(0, 0, 10),
  import: pair(0, 0, 2),
  success: pair(0, 0, 30),
  ai: pair(0, 0, 1),
};

/** Minutes of the default plan in which nothing is wrong but what `trouble` says of a minute. */
export function cleanBut(count: number, trouble: (minute: number) => Minute['probes'] = () => ({})): Minute[] {
  return minutesOf(...times(count, CLEAN).map((clean, i) => ({ ...clean, ...trouble(i + 1) })));
}

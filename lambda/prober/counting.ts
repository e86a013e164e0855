import type { Arm, ArmName, Minute, ProbeMinute } from '../../lib/model/gate-plan';
import type { ProbeConfig } from '../../lib/model/system';
import { type Arms, armOf, type EntranceName, type Sample } from '../probes/sample';

/** A sample, and when its outcome became known: the minute it is counted in. */
export interface Finished {
  readonly sample: Sample;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Counts of one wall-clock minute. */
export interface CountedMinute {
  /** Milliseconds since the epoch. */
  readonly minuteStart: number;
  readonly counts: Minute['probes'];
}

/** One thing to count: a sample for its own probe, an attempt for the probe of all requests. */
interface Count {
  readonly probe: string;
  readonly arm: ArmName | 'misrouted';
  readonly breach: boolean;
  readonly hard: boolean;
}

/** Count samples by the minute their outcome became known, the probe, and the arm that answered. */
export function countMinutes(
  finished: readonly Finished[],
  {
    arms,
    probes,
    minuteMs,
  }: { readonly arms: Arms; readonly probes: readonly ProbeConfig[]; readonly minuteMs: number },
): readonly CountedMinute[] {
  const minutes = groupBy(finished, ({ at }) => Math.floor(at / minuteMs) * minuteMs);
  return [...minutes].map(([minuteStart, group]) => ({
    minuteStart,
    counts: tally(group.flatMap(({ sample }) => countsOf(sample, arms, probes))),
  }));
}

function countsOf(sample: Sample, arms: Arms, probes: readonly ProbeConfig[]): readonly Count[] {
  const { entrance, attempts } = sample;
  const own = probes.some(({ id }) => id === sample.probe) ? ownCount(sample, arms, probes) : [];
  const all = probes.filter(({ kind }) => kind === 'success');
  return [...own, ...all.flatMap(({ id }) => attempts.map((attempt) => attemptCount(id, attempt, entrance, arms)))];
}

/** An exact probe counts the answers it received; a call that failed is a matter of the probe of all requests. */
function ownCount(sample: Sample, arms: Arms, probes: readonly ProbeConfig[]): readonly Count[] {
  const { probe, breach, hard, entrance } = sample;
  const exact = probes.some(({ id, kind }) => id === probe && kind === 'fixture');
  if (exact && !sample.answered) return [];
  return [{ probe, arm: armOf(sample, entrance, arms), breach: exact ? hard : breach, hard }];
}

function attemptCount(probe: string, attempt: Sample['attempts'][number], entrance: EntranceName, arms: Arms): Count {
  return { probe, arm: armOf(attempt, entrance, arms), breach: attempt.failed, hard: false };
}

function tally(counts: readonly Count[]): Minute['probes'] {
  return Object.fromEntries(
    [...groupBy(counts, ({ probe }) => probe)].map(([probe, own]) => [probe, probeMinute(own)]),
  );
}

function probeMinute(counts: readonly Count[]): ProbeMinute {
  const of = (arm: Count['arm']) => counts.filter((count) => count.arm === arm);
  return { canary: armCounts(of('canary')), stable: armCounts(of('stable')), misrouted: of('misrouted').length };
}

function armCounts(counts: readonly Count[]): Arm {
  return {
    n: counts.length,
    breaches: counts.filter(({ breach }) => breach).length,
    hard: counts.filter(({ hard }) => hard).length,
  };
}

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

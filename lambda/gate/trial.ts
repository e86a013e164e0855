import { logSumExp } from '../../lib/model/evidence/log-space';
import { RateTrial } from '../../lib/model/evidence/rate-trial';
import type { Because, Minute, Plan, ProbeSpec, VerdictName } from '../../lib/model/gate-plan';
import { CoverageTrial } from './coverage';
import { HardFailures } from './hard-failures';
import { countsOf } from './minutes';

/** What one probe has shown so far. */
export interface ProbeTrial {
  readonly spec: ProbeSpec;
  readonly coverage: CoverageTrial;
  readonly hard: HardFailures;
  /** Absent for an exact probe. */
  readonly rate?: RateTrial;
  /** ln of the probe's share of the release's error budget; −∞ for an exact probe. */
  readonly lnWeight: number;
}

/** What is decided at a minute, and by which probe. */
export interface Decision {
  readonly verdict: VerdictName;
  readonly because: Because;
  readonly probe?: string;
}

/** A release on trial: everything its minutes have shown so far, in a few numbers for each probe. */
export interface Trial {
  readonly plan: Plan;
  readonly probes: readonly ProbeTrial[];
  minute: number;
  /** ln E of the release. */
  lnE: number;
  /** Set once, by the first minute that promotes or rolls back; no later minute is read. */
  final?: Decision;
}

/** A release of which no minute has been seen. */
export function openTrial(plan: Plan): Trial {
  const total = plan.probes.reduce((sum, probe) => sum + weightOf(probe), 0);
  const probes = plan.probes.map((spec) => ({
    spec,
    coverage: new CoverageTrial(plan, spec),
    hard: new HardFailures(plan, spec),
    rate: spec.kind === 'rate' ? new RateTrial(plan, spec) : undefined,
    lnWeight: Math.log(weightOf(spec) / total),
  }));
  return { plan, probes, minute: 0, lnE: lnEvidence(probes) };
}

/** Add the next minute to every probe. Decides nothing. */
export function foldProbes(trial: Trial, minute: Minute): void {
  trial.minute += 1;
  for (const { spec, coverage, hard, rate } of trial.probes) {
    const counts = countsOf(minute, spec);
    coverage.fold(counts);
    hard.fold(counts);
    rate?.fold(counts);
  }
  trial.lnE = lnEvidence(trial.probes);
}

/** ln E of the release: the weighted mean of its rate probes' evidence. */
function lnEvidence(probes: readonly ProbeTrial[]): number {
  return logSumExp(probes.map(lnShare));
}

/** ln of what one probe adds to E; −∞ for an exact probe, which takes no part. */
export function lnShare({ lnWeight, rate }: ProbeTrial): number {
  return rate ? lnWeight + rate.lanes.lnE : -Infinity;
}

function weightOf(probe: ProbeSpec): number {
  return probe.kind === 'rate' ? probe.weight : 0;
}

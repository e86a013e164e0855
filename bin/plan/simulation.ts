import { type Detection, detectionOf } from '../../lib/model/evidence/detection';
import { burstSize, RateTrial } from '../../lib/model/evidence/rate-trial';
import type { Plan, RateProbe } from '../../lib/model/gate-plan';
import { rateProbes, type Subject } from './subject';

/** What became of many simulated releases at one chance of a breach. */
export interface Simulated {
  readonly p: number;
  readonly promoted: number;
  readonly rolledBack: number;
  /** Median minute of the rollbacks; Infinity unless half of the releases were rolled back. */
  readonly median: number;
  /** Minute by which 95 % of the releases were rolled back; Infinity if fewer were. */
  readonly surely: number;
}

/** A simulation, and what the plan expects of it. */
export interface SimulatedRow {
  readonly id: string;
  readonly simulated: Simulated;
  readonly expected: Detection;
}

/** Each scheduled rate probe at what is typical, at its objective, and at multiples of it. */
export function simulateAll(subject: Subject, options: { runs: number; seed: number }): readonly SimulatedRow[] {
  return rateProbes(subject).flatMap(({ probe, power }) => {
    const expected = [probe.typical, probe.p0].map((p) => detectionOf(subject.plan, probe, p));
    return [...expected, ...power.found].map((detection) => ({
      id: probe.id,
      simulated: simulate(subject.plan, probe, detection.p, options),
      expected: detection,
    }));
  });
}

/** Numbers in [0, 1) from a seed: mulberry32. Good enough for a thousand releases, and the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Simulate releases as the gate would run them: the judge's evidence, its rates, its verdicts, for one probe alone. */
export function simulate(plan: Plan, probe: RateProbe, p: number, options: { runs: number; seed: number }): Simulated {
  const draw = random(options.seed);
  const ends = Array.from({ length: options.runs }, () => runOnce(plan, probe, p, draw));
  const minutes = ends.flatMap((end) => (end.verdict === 'rollback' ? [end.minute] : [])).sort((a, b) => a - b);
  const quantile = (share: number) => minutes[Math.ceil(share * options.runs) - 1] ?? Infinity;
  return {
    p,
    promoted: ends.filter(({ verdict }) => verdict === 'promote').length / options.runs,
    rolledBack: minutes.length / options.runs,
    median: quantile(0.5),
    surely: quantile(0.95),
  };
}

interface End {
  readonly verdict: 'promote' | 'rollback' | 'neither';
  readonly minute: number;
}

function runOnce(plan: Plan, probe: RateProbe, p: number, draw: () => number): End {
  const total = plan.probes.reduce((sum, other) => sum + (other.kind === 'rate' ? other.weight : 0), 0);
  const lnLimit = Math.log(total / (probe.weight * plan.alpha));
  const trial = new RateTrial(plan, probe);
  for (let minute = 1; minute <= plan.hardStopMin; minute++) {
    const n = trial.unsure ? burstSize(probe) : probe.perMinute;
    trial.fold({
      canary: { n, breaches: binomial(n, p, draw) },
      stable: { n, breaches: binomial(n, probe.typical, draw) },
    });
    if (trial.lanes.lnE >= lnLimit) return { verdict: 'rollback', minute };
    if (minute >= plan.bakeMin && trial.certified && !trial.leans) return { verdict: 'promote', minute };
  }
  return { verdict: 'neither', minute: plan.hardStopMin };
}

function binomial(n: number, p: number, draw: () => number): number {
  let breaches = 0;
  for (let i = 0; i < n; i++) if (draw() < p) breaches += 1;
  return breaches;
}

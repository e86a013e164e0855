import type { Plan, RateProbe } from '../gate-plan';
import type { Counts } from './e-values';
import { burstSize, RateTrial } from './rate-trial';

/** 5 % point of the normal distribution: a release luckier than 95 % of its kind. */
const LUCKY = -1.644854;

/** Luck beyond which nothing is asked: three releases in a hundred thousand. */
const FARTHEST = 4;

/** Precision of a release's luck, which is a hundredth of its chance. */
const LUCK_PRECISION = 0.03;

/** Standard deviations by which counts vary, with which the minutes agree best with simulated ones: within four, or a fifth. */
const SWAY = 0.8;

/** Precision of the smallest rate that is found. */
const PRECISION = 5e-5;

/** Minutes in which a release with some chance of a breach is rolled back; Infinity if not by the hard stop. */
export interface Detection {
  /** Chance of a breach on the canary. */
  readonly p: number;
  /** Half of all such releases are rolled back by this minute. */
  readonly median: number;
  /** 95 % of them are. */
  readonly surely: number;
}

/** When a release at p is found. The stable does what is typical. */
export function detectionOf(plan: Plan, probe: RateProbe, p: number): Detection {
  return { p, median: minuteFound(plan, probe, [p, 0]), surely: minuteFound(plan, probe, [p, LUCKY]) };
}

/** Whether 95 % of the releases at p are rolled back by the hard stop. */
export function isSurelyFound(plan: Plan, probe: RateProbe, p: number): boolean {
  return minuteFound(plan, probe, [p, LUCKY]) <= plan.hardStopMin;
}

/** The smallest chance of a breach, above p0, that is surely found; Infinity if none is. */
export function smallestFound(plan: Plan, probe: RateProbe): number {
  let missed = probe.p0;
  let found = 0.999;
  if (!isSurelyFound(plan, probe, found)) return Infinity;
  while (found - missed > PRECISION) {
    const middle = (missed + found) / 2;
    if (isSurelyFound(plan, probe, middle)) found = middle;
    else missed = middle;
  }
  return found;
}

/**
 * Chance that a release at p is rolled back by the hard stop.
 *
 * The least luck with which it escapes, in standard deviations, and the share of releases that have less. Like the
 * minutes, it is right to within a third.
 */
export function chanceFound(plan: Plan, probe: RateProbe, p: number): number {
  let escapes = -FARTHEST;
  let found = FARTHEST;
  while (found - escapes > LUCK_PRECISION) {
    const middle = (escapes + found) / 2;
    if (minuteFound(plan, probe, [p, middle]) <= plan.hardStopMin) found = middle;
    else escapes = middle;
  }
  return 1 - normalShare(found);
}

/** Share of a normal distribution below z. @see Abramowitz and Stegun 26.2.17, to 7.5e-8 */
function normalShare(z: number): number {
  if (z < 0) return 1 - normalShare(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = series.reduceRight((rest, coefficient) => t * (coefficient + rest), 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

/** Samples for each arm until a typical release is promoted at the end of the bake, bursts included. */
export function samplesUntilBake(plan: Plan, probe: RateProbe): number {
  let samples = 0;
  for (const { minute, sent } of expectedMinutes(plan, probe, [probe.typical, 0])) {
    if (minute <= plan.bakeMin) samples = sent;
  }
  return samples;
}

/** First minute at which this probe alone rolls a release back when its counts are the expected ones. */
function minuteFound(plan: Plan, probe: RateProbe, fate: Fate): number {
  const total = plan.probes.reduce((sum, other) => sum + (other.kind === 'rate' ? other.weight : 0), 0);
  const lnLimit = Math.log(total / (probe.weight * plan.alpha));
  for (const { minute, trial } of expectedMinutes(plan, probe, fate)) {
    if (trial.lanes.lnE >= lnLimit) return minute;
  }
  return Infinity;
}

/** Chance of a breach on the canary, and how far its luck is from the mean, in standard deviations. */
type Fate = readonly [p: number, z: number];

/**
 * The minutes up to the hard stop of a release whose breaches are the expected ones, sized as the gate would size them.
 *
 * Version 2 takes the lesser of two tests in each minute, and so gains less from minutes that vary than from ones that are
 * all alike. There the counts go up and down by {@link SWAY}, each arm at its own pace, with the sums as expected.
 */
function* expectedMinutes(plan: Plan, probe: RateProbe, [p, z]: Fate) {
  const trial = new RateTrial(plan, probe);
  const reach = plan.version === 1 ? 0 : SWAY;
  const sway = (minute: number) => (minute % 2 === 0 ? reach : -reach);
  let sent = 0;
  let breaches = 0;
  for (let minute = 1; minute <= plan.hardStopMin; minute++) {
    const n = trial.unsure ? burstSize(probe) : probe.perMinute;
    const before = breaches;
    sent += n;
    breaches = Math.max(0, sent * p + z * deviation(sent, p));
    trial.fold({
      canary: swayed(n, breaches - before, sway(minute)),
      stable: swayed(n, n * probe.typical, sway(Math.floor(minute / 2))),
    });
    yield { minute, sent, trial };
  }
}

function deviation(n: number, p: number): number {
  return Math.sqrt(n * p * (1 - p));
}

/** Counts so many standard deviations from the expected ones, but no farther than to none or to all. */
function swayed(n: number, expected: number, deviations: number): Counts {
  const reach = Math.min(expected, n - expected, deviation(n, expected / n));
  return { n, breaches: expected + deviations * reach };
}

import type { ExactProbe, Plan, PlanV2, RateProbe } from '../gate-plan';
import {
  type CertificateGoal,
  chanceOfAtMost,
  chanceToCertify,
  firstTrue,
  mostBreaches,
  samplesNeeded,
} from './certifiable';
import { chanceFound, type Detection, detectionOf, samplesUntilBake, smallestFound } from './detection';
import { percent } from './in-words';
import { lnBroken } from './lanes';
import { burstSize, isScheduledBurst } from './rate-trial';

/** How many times worse than its objective a release is in the table of detection times. */
export const MULTIPLES = [1.5, 2, 4, 10] as const;

/** No rate above this is asked about. */
const WORST = 0.95;

/** A window of the certificate: so many samples, of which at most so many may breach. */
export interface CertificateWindow {
  readonly samples: number;
  /** −1 if the window never certifies. */
  readonly mostBreaches: number;
}

/** What one scheduled rate probe can tell, before the release. */
export interface RatePower {
  readonly kind: 'rate';
  readonly id: string;
  readonly bound: string;
  /** What the probe promises, for people. */
  readonly promise: string;
  /** The windows at the end of the bake. */
  readonly whole: CertificateWindow;
  readonly tail: CertificateWindow;
  /** Chance that a typical release is certified at the end of the bake, and by the hard stop. Lower bounds. */
  readonly atBake: number;
  readonly atStop: number;
  /** Samples at which a typical release is certified with 95 %. */
  readonly needed: number;
  /** When releases {@link MULTIPLES} times worse than the objective are found. */
  readonly found: readonly (Detection & { readonly multiple: number })[];
  readonly mustCatch: Detection;
  /** Smallest chance of a breach that is found with 95 %; Infinity if none is. */
  readonly smallest: number;
  /** Samples for each arm in a typical release. */
  readonly samples: number;
}

/** What an exact probe can tell. */
export interface ExactPower {
  readonly kind: 'exact';
  readonly id: string;
  readonly bound: string;
  /** What the probe promises, for people. */
  readonly promise: string;
  /** Smallest share of wrong answers that the bake sees at all, with 95 %. */
  readonly smallest: number;
  /** Samples for each arm in a release. */
  readonly samples: number;
}

/** The power of each scheduled rate probe, exact in what the certificate needs, within a third in the minutes. */
export function ratePower(plan: Plan, probe: RateProbe): RatePower {
  const goal = goalOf(plan, probe);
  const window = (minutes: number) => {
    const samples = scheduledSamples(plan, probe, [plan.bakeMin - minutes + 1, plan.bakeMin]);
    return { samples, mostBreaches: mostBreaches(goal, samples) };
  };
  const mustCatch = detectionOf(plan, probe, probe.mustCatch);
  const smallest = smallestFound(plan, probe);
  return {
    kind: 'rate',
    id: probe.id,
    bound: probe.bound,
    promise: promiseOf(probe, mustCatch, smallest),
    whole: window(plan.bakeMin - plan.burnInMin),
    tail: window(plan.tailMin),
    atBake: chanceAtBake(plan, probe),
    atStop: chanceAtStop(plan, probe),
    needed: samplesNeeded(goal),
    found: MULTIPLES.map((multiple) => ({ multiple, ...detectionOf(plan, probe, worse(probe, multiple)) })),
    mustCatch,
    smallest,
    samples: samplesUntilBake(plan, probe),
  };
}

/** A drift that strikes one answer in k is seen once with probability 1 − (1 − 1/k)^N. */
export function exactPower({ bakeMin }: Plan, { id, bound, perMinute }: ExactProbe): ExactPower {
  const samples = perMinute * bakeMin;
  const smallest = 1 - 0.05 ** (1 / samples);
  const promise = `sees at least one wrong answer, with 95 %, if ${percent(smallest)} of them are`;
  return { kind: 'exact', id, bound, promise, smallest, samples };
}

/** A chance so many times the objective, without the dust of binary fractions. */
function worse({ p0 }: RateProbe, multiple: number): number {
  return Math.min(WORST, Number((multiple * p0).toPrecision(12)));
}

function promiseOf({ p0, pTol }: RateProbe, mustCatch: Detection, smallest: number): string {
  const found = Number.isFinite(mustCatch.surely) ? `, at ${percent(mustCatch.p)} by minute ${mustCatch.surely}` : '';
  return [
    `promotes only what surely misses its bound in less than ${percent(pTol)} of samples`,
    `keeps what misses it in at most ${percent(p0)}`,
    `finds, with 95 %, what misses it in ${percent(smallest)}${found}`,
  ].join('; ');
}

/** Chance that a typical release is promoted at the end of the bake, with the bursts that are sent in any case. The product bounds it from below. */
export function chanceAtBake(plan: Plan, probe: RateProbe): number {
  return chanceAt(plan, probe, (from) => scheduledSamples(plan, probe, [from, plan.bakeMin]), plan.bakeMin);
}

/** The same at the hard stop, by when the gate has sent bursts from `lateFromMin` on. */
export function chanceAtStop(plan: Plan, probe: RateProbe): number {
  const { hardStopMin, burst } = plan;
  const late = (from: number) => Math.max(from, Math.min(burst.lateFromMin, hardStopMin + 1));
  const samples = (from: number) =>
    scheduledSamples(plan, probe, [from, late(from) - 1]) + burstSize(probe) * (hardStopMin - late(from) + 1);
  return chanceAt(plan, probe, samples, hardStopMin);
}

/** @param samplesFrom samples of the minutes from one on to the last */
function chanceAt(plan: Plan, probe: RateProbe, samplesFrom: (minute: number) => number, lastMin: number): number {
  const goal = goalOf(plan, probe);
  const whole = chanceToCertify(goal, samplesFrom(plan.burnInMin + 1));
  const tail = chanceToCertify(goal, samplesFrom(lastMin - plan.tailMin + 1));
  if (plan.version === 1) return whole * tail;
  return whole * tail * chanceNotToLean(plan, probe, samplesFrom(lastMin - plan.recent.minutes + 1));
}

/** Chance that a typical release's last minutes do not look too bad for a promotion. */
function chanceNotToLean({ recent }: PlanV2, { p0, typical }: RateProbe, n: number): number {
  const leans = (breaches: number) => lnBroken(p0, { n, breaches }) > Math.log(recent.evidence);
  return chanceOfAtMost(firstTrue(0, n + 1, leans) - 1, n, typical);
}

/** Samples in a row of minutes, first and last included, of a release that gives no cause for more than the plan always sends. */
function scheduledSamples(plan: Plan, probe: RateProbe, [first, last]: readonly [number, number]): number {
  let samples = 0;
  for (let minute = first; minute <= last; minute++) {
    const bursts = plan.version === 2 && isScheduledBurst(plan, minute);
    samples += bursts ? burstSize(probe) : probe.perMinute;
  }
  return samples;
}

/** What becomes of a release at p by the hard stop; the rest is neither, and goes back for want of a certificate. */
export interface Fate {
  readonly p: number;
  readonly promoted: number;
  readonly rolledBack: number;
}

/** Fates over a range of chances of a breach, from all but none to half over what must be caught. */
export function powerCurve(plan: Plan, probe: RateProbe, points: number): readonly Fate[] {
  const farthest = Math.min(WORST, Math.max(4 * probe.p0, 1.5 * probe.mustCatch));
  return Array.from({ length: points }, (_, i) => {
    const p = (farthest * (i + 1)) / points;
    const rolledBack = chanceFound(plan, probe, p);
    return { p, promoted: Math.min(chanceAtStop(plan, { ...probe, typical: p }), 1 - rolledBack), rolledBack };
  });
}

function goalOf({ beta }: Plan, { pTol, typical }: RateProbe): CertificateGoal {
  return { pTol, typical, beta };
}

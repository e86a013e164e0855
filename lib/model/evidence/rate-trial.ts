import type { Plan, PlanV2, ProbeSpec, RateProbe } from '../gate-plan';
import { samplesNeeded } from './certifiable';
import { type Certificate, certificateFor, lnHalves } from './certificate';
import { type Counts, lnNonInferior, type PairedCounts } from './e-values';
import { isMuted, type Lanes, lnBroken } from './lanes';
import { LanesV1 } from './lanes-v1';
import { LanesV2 } from './lanes-v2';

/** A judged minute, as the certificate looks at it. */
interface JudgedMinute {
  readonly counts: PairedCounts;
  readonly muted: boolean;
  /** ln e_ni; 0 unless the release is a hotfix. */
  readonly lnNonInferior: number;
}

/** Sums over the judged minutes of a window. */
export interface WindowSums {
  canary: Counts;
  stable: Counts;
  /** The canary in minutes that were not muted. */
  unmuted: Counts;
  lnNonInferior: number;
}

const NOTHING: Counts = { n: 0, breaches: 0 };

function emptySums(): WindowSums {
  return { canary: NOTHING, stable: NOTHING, unmuted: NOTHING, lnNonInferior: 0 };
}

function plus(a: Counts, b: Counts): Counts {
  return { n: a.n + b.n, breaches: a.breaches + b.breaches };
}

function plusBoth(a: PairedCounts, b: PairedCounts): PairedCounts {
  return { canary: plus(a.canary, b.canary), stable: plus(a.stable, b.stable) };
}

function add(sums: WindowSums, { counts, muted, lnNonInferior }: JudgedMinute): WindowSums {
  return {
    ...plusBoth(sums, counts),
    unmuted: muted ? sums.unmuted : plus(sums.unmuted, counts.canary),
    lnNonInferior: sums.lnNonInferior + lnNonInferior,
  };
}

/** Samples for each arm in a minute in which the gate is unsure. */
export function burstSize({ perMinute, burst }: ProbeSpec): number {
  return Math.ceil(perMinute * burst);
}

/** Whether a minute bursts whatever was seen before it: the first ones, and all from the end of the bake on. */
export function isScheduledBurst({ bakeMin, burst }: PlanV2, minute: number): boolean {
  const { openingMin, closingMin } = burst;
  return minute <= openingMin || (closingMin > 0 && minute > bakeMin - closingMin);
}

/** Everything one rate probe has shown so far: evidence against the release, and certificates for it. */
export class RateTrial {
  readonly lanes: Lanes;
  /** Judged minutes in which the stable itself was sick. */
  readonly mutedMinutes: number[] = [];
  /** Sums over all judged minutes. */
  whole = emptySums();
  /** Sums over the minutes before them. */
  burnIn: PairedCounts = { canary: NOTHING, stable: NOTHING };
  private readonly lastMinutes: JudgedMinute[] = [];
  private readonly lnCert: Certificate;
  private readonly needed: number;
  private minute = 0;

  constructor(
    private readonly plan: Plan,
    readonly probe: RateProbe,
  ) {
    this.lanes = plan.version === 1 ? new LanesV1(plan, probe) : new LanesV2(plan, probe);
    this.lnCert = certificateFor(probe.pTol);
    this.needed = probe.passive ? samplesNeeded({ ...probe, beta: plan.beta }) : 0;
  }

  fold(counts: PairedCounts): void {
    this.minute += 1;
    const muted = isMuted(this.plan.mute, this.probe.p0, counts.stable);
    this.lanes.fold(counts, muted);
    if (this.minute <= this.plan.burnInMin) this.burnIn = plusBoth(this.burnIn, counts);
    else this.foldJudged(counts, muted);
  }

  private foldJudged(counts: PairedCounts, muted: boolean): void {
    if (muted) this.mutedMinutes.push(this.minute);
    const judged = { counts, muted, lnNonInferior: this.plan.hotfix ? lnNonInferior(counts) : 0 };
    this.whole = add(this.whole, judged);
    this.lastMinutes.push(judged);
    if (this.lastMinutes.length > this.plan.tailMin) this.lastMinutes.shift();
  }

  /** The release serves everybody from here on. */
  promote(): void {
    this.lanes.promote();
  }

  /** Sums over the judged minutes among the last `tailMin`. */
  get tail(): WindowSums {
    return this.lastMinutes.reduce(add, emptySums());
  }

  /**
   * ln of the certificate over a window: half of it over all its minutes, half over those in which the stable was well, so
   * that a trouble both arms share does not spoil an innocent release.
   */
  lnCertificate({ canary, unmuted, lnNonInferior }: WindowSums): number {
    const two = lnHalves(this.lnCert(canary), this.lnCert(unmuted));
    return this.plan.hotfix ? lnHalves(two, lnNonInferior) : two;
  }

  /** Whether the release has shown, over the whole and over the tail, that it is surely better than pTol. */
  get certified(): boolean {
    return this.certifies(this.whole) && this.certifies(this.tail);
  }

  /** Whether the stable is shown to break its objective in the tail. */
  get sick(): boolean {
    return lnBroken(this.probe.p0, this.tail.stable) >= -Math.log(this.plan.alpha);
  }

  /** ln of what the last minutes alone say against the objective; −∞ where the plan does not ask. */
  get lnLeaning(): number {
    if (this.plan.version === 1 || this.plan.hotfix) return -Infinity;
    const recent = this.lastMinutes.slice(-this.plan.recent.minutes).reduce(add, emptySums());
    return lnBroken(this.probe.p0, recent.canary);
  }

  /** Whether the last minutes look worse than a promotion may rest on. */
  get leans(): boolean {
    return this.plan.version === 2 && this.lnLeaning > Math.log(this.plan.recent.evidence);
  }

  /** Whether the next minute deserves a burst: at both ends of the bake, while evidence is there, or late without a certificate. */
  get unsure(): boolean {
    const next = this.minute + 1;
    const { evidence, lateFromMin } = this.plan.burst;
    return this.isAtAnEnd(next) || this.lanes.lnE > Math.log(evidence) || (next >= lateFromMin && !this.certified);
  }

  private isAtAnEnd(minute: number): boolean {
    return this.plan.version === 2 && isScheduledBurst(this.plan, minute);
  }

  private certifies(sums: WindowSums): boolean {
    if (this.probe.passive && sums.canary.n < this.needed) return true;
    return this.lnCertificate(sums) >= -Math.log(this.plan.beta);
  }
}

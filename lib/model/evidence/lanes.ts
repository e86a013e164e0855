import type { Plan, RateProbe } from '../gate-plan';
import { type Counts, lnAbs, lnRel, type PairedCounts } from './e-values';
import { logAddExp, logSumExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { log, max, min } = Math;

/** Sizes of harm that the main lane bets on, as multiples of the odds at p0, and what it stakes on each. */
const ODDS_RATIOS = [1.65, 2.6, 4.2, 7.4, 15.5, 57, 600];
const STAKES = [0.22, 0.2, 0.17, 0.14, 0.11, 0.09, 0.07];

/** Chances of a breach that the outage lane bets on, in equal parts. */
const OUTAGE_CHANCES = [0.45, 0.6, 0.8, 0.97];

/** Slack of the mute rule, so that 2 of 20 is twice 5 % in binary fractions too. */
const ROUNDING = 1e-9;

/** The alternatives q_j of the main lane. */
export function alternatives(p0: number): readonly number[] {
  const odds = p0 / (1 - p0);
  return ODDS_RATIOS.map((ratio) => (ratio * odds) / (1 + ratio * odds));
}

/** ln Σ_j w_j · e_abs(q_j, p0) of one arm over a window: whether that arm breaks its objective there. */
export function lnBroken(p0: number, counts: Counts): number {
  return logSumExp(alternatives(p0).map((q, j) => log(STAKES[j]!) + lnAbs(q, p0, counts)));
}

/** Whether the stable itself is sick in a minute, so that the canary cannot be blamed for breaking its bound. */
export function isMuted(mute: Plan['mute'], p0: number, { n, breaches }: Counts): boolean {
  return breaches >= mute.minBreaches && breaches >= mute.factor * p0 * n - ROUNDING;
}

/**
 * The evidence of one rate probe, minute by minute: two lanes, each of them two tests that must agree.
 *
 * The main lane bets on sizes of harm and on starting minutes, with a cap on what one minute may add. The outage lane
 * has no cap and bets on half of all requests failing. Everything is kept as natural logs.
 */
export class Lanes {
  private readonly chances: readonly number[];
  /** ln A_j, ln R_j: what each bet of the main lane is worth; ln F_i, ln G_i: of the outage lane. */
  readonly mainAbs = new Float64Array(STAKES.length).fill(-Infinity);
  readonly mainRel = new Float64Array(STAKES.length).fill(-Infinity);
  readonly outageAbsBets = new Float64Array(OUTAGE_CHANCES.length).fill(-Infinity);
  readonly outageRelBets = new Float64Array(OUTAGE_CHANCES.length).fill(-Infinity);
  private readonly lnOutageStakes: number;
  /** ln M_abs, ln M_rel, ln F_abs, ln F_rel. */
  abs = 0;
  rel = 0;
  outageAbs = -Infinity;
  outageRel = -Infinity;
  /** ln of each lane's part of E, in which both of its tests must speak against the release; and ln E. */
  lnMain = 0;
  lnOutage = -Infinity;
  lnE = 0;
  private minute = 0;
  private staked = 0;
  private stableN = 0;
  private stableBreaches = 0;

  constructor(
    private readonly plan: Plan,
    private readonly p0: RateProbe['p0'],
  ) {
    this.chances = alternatives(p0);
    this.lnOutageStakes = log(1 + (plan.hardStopMin - 1) * plan.outage.restart);
    this.weigh();
  }

  /** @param muted see {@link isMuted} */
  fold(counts: PairedCounts, muted: boolean): void {
    this.minute += 1;
    this.foldMain(counts, muted);
    this.foldOutage(counts);
    this.stableN += counts.stable.n;
    this.stableBreaches += counts.stable.breaches;
    this.weigh();
  }

  private weigh(): void {
    const lnCash = this.lnCash;
    this.abs = logAddExp(lnCash, logSumExp(this.mainAbs));
    this.rel = logAddExp(lnCash, logSumExp(this.mainRel));
    this.outageAbs = logSumExp(this.outageAbsBets) - this.lnOutageStakes;
    this.outageRel = logSumExp(this.outageRelBets) - this.lnOutageStakes;
    const { weight } = this.plan.outage;
    this.lnMain = log(1 - weight) + min(this.abs, this.rel);
    this.lnOutage = log(weight) + min(this.outageAbs, this.outageRel);
    this.lnE = logAddExp(this.lnMain, this.lnOutage);
  }

  private foldMain(counts: PairedCounts, muted: boolean): void {
    const stake = this.stakeNow();
    const lnCap = this.lnCap();
    const b = this.stableRate();
    for (let j = 0; j < STAKES.length; j++) {
      const q = this.chances[j]!;
      const lnStake = log(stake * STAKES[j]!);
      const abs = lnAbs(q, this.p0, counts.canary);
      const rel = lnRel(q, min(b, 0.6 * q), counts);
      this.mainAbs[j] = logAddExp(this.mainAbs[j]!, lnStake) + min(lnCap, muted ? min(0, abs) : abs);
      this.mainRel[j] = logAddExp(this.mainRel[j]!, lnStake) + min(lnCap, rel);
    }
    this.staked += stake;
  }

  private foldOutage(counts: PairedCounts): void {
    const lnStake = log(this.outageStakeNow() / OUTAGE_CHANCES.length);
    const b = this.stableRate();
    for (let i = 0; i < OUTAGE_CHANCES.length; i++) {
      const u = OUTAGE_CHANCES[i]!;
      const abs = lnAbs(u, this.plan.outage.limit, counts.canary);
      const rel = lnRel(u, min(b, 0.6 * u), counts);
      this.outageAbsBets[i] = logAddExp(this.outageAbsBets[i]!, lnStake) + abs;
      this.outageRelBets[i] = logAddExp(this.outageRelBets[i]!, lnStake) + rel;
    }
  }

  /** v_t: half of the stake is on harm from the first minute on, the rest evenly on each later start. */
  private stakeNow(): number {
    if (this.minute === 1) return 1 / 2;
    return this.minute <= this.plan.hardStopMin ? 1 / 2 / (this.plan.hardStopMin - 1) : 0;
  }

  /** g_t. */
  private outageStakeNow(): number {
    if (this.minute === 1) return 1;
    return this.minute <= this.plan.hardStopMin ? this.plan.outage.restart : 0;
  }

  /** ln C_t: no minute may add more than its share of the limit, so that several must agree. */
  private lnCap(): number {
    const { alpha, burnInMin, burnInCorroboration, corroboration } = this.plan;
    const agreeing = this.minute <= burnInMin ? burnInCorroboration : corroboration;
    return agreeing === 1 ? Infinity : -log(alpha) / agreeing;
  }

  /** b: the stable's rate of the minutes before this one. The minute itself would make the bet depend on its outcome. */
  private stableRate(): number {
    if (this.stableN === 0) return 0.4 * this.p0;
    return min(0.5, max(this.p0 / 10, (this.stableBreaches + 0.5) / (this.stableN + 10)));
  }

  /** ln of the stake not yet placed; exactly nothing from the last minute on. */
  private get lnCash(): number {
    return this.minute >= this.plan.hardStopMin ? -Infinity : log(1 - this.staked);
  }
}

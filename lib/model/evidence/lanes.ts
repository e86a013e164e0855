import type { Plan, RateProbe } from '../gate-plan';
import { type Counts, lnAbs, type PairedCounts } from './e-values';
import { logAddExp, logSumExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { log, max, min } = Math;

/** Sizes of harm that the main lane bets on, as multiples of the odds at p0, and what it stakes on each. */
const ODDS_RATIOS = [1.65, 2.6, 4.2, 7.4, 15.5, 57, 600];
export const STAKES = [0.22, 0.2, 0.17, 0.14, 0.11, 0.09, 0.07];

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

/** How the main lane's stake is spread over starting minutes: on the first, and evenly on each later one up to the hard stop. */
interface Starts {
  readonly first: number;
  readonly later: number;
}

/**
 * The evidence of one rate probe, minute by minute, in two lanes.
 *
 * The main lane bets on sizes of harm and on starting minutes, with a cap on what one minute may add. The outage lane has
 * no cap and bets on half of all requests failing. Everything is kept as natural logs.
 */
export abstract class Lanes<P extends Plan = Plan> {
  /** ln of what the tests of each lane are worth; see `RateEvidence`. */
  abs = 0;
  rel = 0;
  outageAbs = -Infinity;
  outageRel = -Infinity;
  /** ln of each lane's part of E; and ln E. */
  lnMain = 0;
  lnOutage = -Infinity;
  lnE = 0;
  protected minute = 0;
  /** What of the main lane's stake is placed. */
  protected staked = 0;
  private stableN = 0;
  private stableBreaches = 0;

  constructor(
    protected readonly plan: P,
    protected readonly probe: Pick<RateProbe, 'p0' | 'typical'>,
    private readonly starts: Starts,
  ) {}

  /** @param muted see {@link isMuted} */
  fold(counts: PairedCounts, muted: boolean): void {
    this.minute += 1;
    this.bet(counts, muted);
    this.staked += this.stake;
    this.stableN += counts.stable.n;
    this.stableBreaches += counts.stable.breaches;
    this.weigh();
  }

  /** From here on the release is in its final bake, where version 1 judges nothing. */
  promote(): void {}

  /** Place this minute's stakes, and let every bet take its minute. */
  protected abstract bet(counts: PairedCounts, muted: boolean): void;

  /** Set what the tests of each lane are worth. */
  protected abstract value(): void;

  protected weigh(): void {
    this.value();
    const { weight } = this.plan.outage;
    this.lnMain = log(1 - weight) + min(this.abs, this.rel);
    this.lnOutage = log(weight) + min(this.outageAbs, this.outageRel);
    this.lnE = logAddExp(this.lnMain, this.lnOutage);
  }

  /** v_t: what the main lane stakes on harm that starts in this minute. */
  protected get stake(): number {
    const { first, later } = this.starts;
    if (this.minute === 1) return first;
    return this.minute <= this.plan.hardStopMin ? later / (this.plan.hardStopMin - 1) : 0;
  }

  /** ln of the stake not yet placed; exactly nothing from the last minute on. */
  protected get lnCash(): number {
    return this.minute >= this.plan.hardStopMin ? -Infinity : log(1 - this.staked);
  }

  /** g_t: the same for the outage lane, before {@link lnOutageStakes} divides it. */
  protected get outageStake(): number {
    if (this.minute === 1) return 1;
    return this.minute <= this.plan.hardStopMin ? this.plan.outage.restart : 0;
  }

  protected get lnOutageStakes(): number {
    return log(1 + (this.plan.hardStopMin - 1) * this.plan.outage.restart);
  }

  /** ln C_t: no minute may add more than its share of the limit, so that several must agree. */
  protected get lnCap(): number {
    return this.agreeing === 1 ? Infinity : -log(this.plan.alpha) / this.agreeing;
  }

  /** Minutes that must agree before the main lane can decide. */
  protected get agreeing(): number {
    const { burnInMin, burnInCorroboration, corroboration } = this.plan;
    return this.minute <= burnInMin ? burnInCorroboration : corroboration;
  }

  /** b: the stable's rate of the minutes before this one. The minute itself would make the bet depend on its outcome. */
  protected get stableRate(): number {
    const { p0 } = this.probe;
    if (this.stableN === 0) return 0.4 * p0;
    return min(0.5, max(p0 / 10, (this.stableBreaches + 0.5) / (this.stableN + 10)));
  }
}

import type { PlanV2, RateProbe } from '../gate-plan';
import { Bets } from './bets';
import { lnAbs, lnLifted, type PairedCounts } from './e-values';
import { alternatives, Lanes } from './lanes';
import { logAddExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { max, min } = Math;

/** Chances of a breach that the outage lane bets on: almost all on half of the requests, the least gross of gross faults. */
const OUTAGE_CHANCES = [0.5, 0.7, 0.97];
const OUTAGE_STAKES = [0.92, 0.05, 0.03];

/** More on small harm than version 1: it takes longest, and gross harm is the outage lane's. */
const STAKES = [0.34, 0.22, 0.17, 0.13, 0.08, 0.03, 0.03];

/** Most releases that are bad are so from their first minute on. What is left is kept for the final bake. */
const STARTS = { first: 0.75, later: 0.15 };

/** Share of what was kept that is staked on the first minute of the final bake, the rest evenly on its later ones. */
const FIRST_OF_BAKE = 0.8;

/**
 * Evidence of version 2: one test a lane, in which each minute must refute both reasons of innocence, "inside its bound" and
 * "worse by no more than the environment makes the stable". So the reason may change from minute to minute.
 *
 * The bets go on through the final bake, where the first reason alone is left: the stable is gone.
 */
export class LanesV2 extends Lanes<PlanV2> {
  private readonly main: Bets;
  private readonly outage = new Bets(OUTAGE_CHANCES, OUTAGE_STAKES);
  /** Set at the promotion: its minute, and the stake kept until then. */
  private bake?: { readonly after: number; readonly kept: number };

  constructor(plan: PlanV2, probe: RateProbe) {
    super(plan, probe, STARTS);
    this.main = new Bets(alternatives(probe.p0), STAKES);
    this.weigh();
  }

  override promote(): void {
    this.bake = { after: this.minute, kept: 1 - this.staked };
  }

  /** The outage lane makes no bet without a stable beside it: one minute of a shared outage would win it. */
  protected override bet(counts: PairedCounts): void {
    const { lnCap } = this;
    this.main.fold(this.stake, (q) => min(lnCap, this.lnGain(q, this.probe.p0, counts)));
    if (!this.bake) this.outage.fold(this.outageStake, (u) => this.lnGain(u, this.plan.outage.limit, counts));
  }

  protected override value(): void {
    this.abs = logAddExp(this.lnCash, this.main.lnWorth);
    this.rel = this.abs;
    this.outageAbs = this.outage.lnWorth - this.lnOutageStakes;
    this.outageRel = this.outageAbs;
  }

  protected override get stake(): number {
    if (!this.bake) return super.stake;
    const { after, kept } = this.bake;
    const { finalBakeMin } = this.plan;
    if (this.minute === after + 1) return FIRST_OF_BAKE * kept;
    return this.minute <= after + finalBakeMin ? ((1 - FIRST_OF_BAKE) * kept) / (finalBakeMin - 1) : 0;
  }

  protected override get lnCash(): number {
    const isOver = this.bake && this.minute >= this.bake.after + this.plan.finalBakeMin;
    return isOver ? -Infinity : Math.log(1 - this.staked);
  }

  protected override get agreeing(): number {
    return this.bake ? this.plan.finalBakeCorroboration : super.agreeing;
  }

  /** ln of what a minute is worth against a chance of at most `bound`, or of what its environment excuses. */
  private lnGain(q: number, bound: number, counts: PairedCounts): number {
    const beyondBound = lnAbs(q, bound, counts.canary);
    if (this.bake) return beyondBound;
    const stable = min(0.6 * q, max(this.probe.typical, this.stableRate));
    return min(beyondBound, lnLifted([q, stable], this.probe, counts));
  }
}

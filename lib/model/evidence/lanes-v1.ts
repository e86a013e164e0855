import type { PlanV1, RateProbe } from '../gate-plan';
import { Bets } from './bets';
import { lnAbs, lnRel, type PairedCounts } from './e-values';
import { alternatives, Lanes, STAKES } from './lanes';
import { logAddExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { min } = Math;

/** Chances of a breach that the outage lane bets on, in equal parts. */
const OUTAGE_CHANCES = [0.45, 0.6, 0.8, 0.97];
const OUTAGE_STAKES = [0.25, 0.25, 0.25, 0.25];

const STARTS = { first: 1 / 2, later: 1 / 2 };

/**
 * Evidence of version 1: in each lane one test against "inside its bound in all minutes" and one against "no worse than the
 * stable in any", over all minutes each. Both must speak against the release.
 */
export class LanesV1 extends Lanes<PlanV1> {
  /** ln A_j, ln R_j: what each bet of the main lane is worth; ln F_i, ln G_i: of the outage lane. */
  readonly mainAbs: Bets;
  readonly mainRel: Bets;
  readonly outageAbsBets = new Bets(OUTAGE_CHANCES, OUTAGE_STAKES);
  readonly outageRelBets = new Bets(OUTAGE_CHANCES, OUTAGE_STAKES);

  constructor(plan: PlanV1, probe: RateProbe) {
    super(plan, probe, STARTS);
    this.mainAbs = new Bets(alternatives(probe.p0), STAKES);
    this.mainRel = new Bets(alternatives(probe.p0), STAKES);
    this.weigh();
  }

  protected override bet(counts: PairedCounts, muted: boolean): void {
    const { lnCap, stake, outageStake, stableRate } = this;
    const { p0 } = this.probe;
    const { limit } = this.plan.outage;
    const lnNoMore = muted ? min(0, lnCap) : lnCap;
    const rel = (chance: number) => lnRel(chance, min(stableRate, 0.6 * chance), counts);
    this.mainAbs.fold(stake, (q) => min(lnNoMore, lnAbs(q, p0, counts.canary)));
    this.mainRel.fold(stake, (q) => min(lnCap, rel(q)));
    this.outageAbsBets.fold(outageStake, (u) => lnAbs(u, limit, counts.canary));
    this.outageRelBets.fold(outageStake, rel);
  }

  protected override value(): void {
    this.abs = logAddExp(this.lnCash, this.mainAbs.lnWorth);
    this.rel = logAddExp(this.lnCash, this.mainRel.lnWorth);
    this.outageAbs = this.outageAbsBets.lnWorth - this.lnOutageStakes;
    this.outageRel = this.outageRelBets.lnWorth - this.lnOutageStakes;
  }
}

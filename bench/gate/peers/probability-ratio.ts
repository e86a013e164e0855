/** Wald's test of a chance of a breach of p0 against p1 > p0. */
export interface RatioTest {
  readonly p0: number;
  readonly p1: number;
  /** Chance of rejecting p0 where it holds, and of accepting it where p1 does. */
  readonly alpha: number;
  readonly beta: number;
}

export type RatioState = 'accepts' | 'rejects' | 'undecided';

/**
 * Wald's sequential probability ratio test, sample by sample.
 *
 * @see Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical Statistics 16, 1945
 * https://projecteuclid.org/euclid.aoms/1177731118
 */
export class ProbabilityRatio {
  state: RatioState = 'undecided';
  private lnRatio = 0;

  constructor(private readonly test: RatioTest) {}

  /** Add one sample. Nothing changes once the test has ended. */
  add(breach: boolean): RatioState {
    if (this.state !== 'undecided') return this.state;
    const { p0, p1, alpha, beta } = this.test;
    this.lnRatio += breach ? Math.log(p1 / p0) : Math.log((1 - p1) / (1 - p0));
    if (this.lnRatio >= Math.log((1 - beta) / alpha)) this.state = 'rejects';
    if (this.lnRatio <= Math.log(beta / (1 - alpha))) this.state = 'accepts';
    return this.state;
  }
}

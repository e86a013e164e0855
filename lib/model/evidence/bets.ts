import { logAddExp, logSumExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { log } = Math;

/**
 * A stake spread over alternatives, and what has become of it.
 *
 * Each minute may stake more, and multiplies what each alternative is worth by what it gained. Natural logs; −∞ is nothing.
 */
export class Bets {
  readonly lnWorths: Float64Array;

  /** @param shares part of every stake that goes to each alternative; they sum to 1 */
  constructor(
    private readonly alternatives: readonly number[],
    private readonly shares: readonly number[],
  ) {
    this.lnWorths = new Float64Array(alternatives.length).fill(-Infinity);
  }

  /** @param lnGain ln of what the minute is worth to an alternative; the stake takes part in it */
  fold(stake: number, lnGain: (alternative: number) => number): void {
    for (let i = 0; i < this.shares.length; i++) {
      const lnStake = log(stake * this.shares[i]!);
      this.lnWorths[i] = logAddExp(this.lnWorths[i]!, lnStake) + lnGain(this.alternatives[i]!);
    }
  }

  /** ln of all bets together. */
  get lnWorth(): number {
    return logSumExp(this.lnWorths);
  }
}

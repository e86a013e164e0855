import type { Plan, ProbeMinute, ProbeSpec } from '../../lib/model/gate-plan';

/** Condemning minutes in a row that roll back where a probe's plan does not say. */
const RATE_CONFIRM = 2;

/**
 * Failures that no environment excuses: a wrong hash, a duplicate.
 *
 * A minute condemns when the canary failed hard while the stable answered and did not.
 */
export class HardFailures {
  /** Every minute that condemned. */
  readonly condemning: number[] = [];
  private readonly confirm: number;
  private inARow = 0;
  private minute = 0;
  private lastStableHard = 0;
  private lastHard = 0;

  constructor(
    private readonly plan: Plan,
    probe: ProbeSpec,
  ) {
    this.confirm = probe.kind === 'exact' ? probe.confirm : RATE_CONFIRM;
  }

  fold({ canary, stable }: ProbeMinute): void {
    this.minute += 1;
    if (canary.hard + stable.hard > 0) this.lastHard = this.minute;
    if (stable.hard > 0) this.lastStableHard = this.minute;
    if (canary.n === 0) return;
    if (canary.hard === 0) this.inARow = 0;
    else if (stable.n > 0 && stable.hard === 0) this.condemn();
  }

  /** Whether so many condemning minutes followed each other that no statistics are needed. */
  get confirmed(): boolean {
    return this.inARow >= this.confirm;
  }

  /** Whether an arm failed hard in the last minute. */
  get justFailed(): boolean {
    return this.minute > 0 && this.lastHard === this.minute;
  }

  /** Whether an exact probe may promote: few condemning minutes ever, and a clean tail on both arms. */
  get certified(): boolean {
    const lastBeforeTail = this.minute - this.plan.tailMin;
    const lastCondemning = this.condemning.at(-1) ?? 0;
    return (
      this.condemning.length < this.confirm &&
      Math.max(lastCondemning, this.lastStableHard) <= Math.max(0, lastBeforeTail)
    );
  }

  private condemn(): void {
    this.inARow += 1;
    this.condemning.push(this.minute);
  }
}

import type { Arm, ArmName, Coverage, Plan, ProbeMinute, ProbeSpec } from '../../lib/model/gate-plan';

/** So many minutes in a row without a sample on the same arm hold a release before its bake has ended. */
const SILENT_MINUTES = 3;

/** Why a probe has too few samples. */
export type Gap = 'MISROUTED' | 'NO_DATA';

/** Scheduled samples that came back in a window, capped at the schedule in each minute. */
interface Filled {
  readonly minutes: number;
  readonly canary: number;
  readonly stable: number;
  readonly misrouted: number;
}

const NOTHING: Filled = { minutes: 0, canary: 0, stable: 0, misrouted: 0 };

/** Whether the samples a probe was scheduled to send came back, in the whole and in the tail. */
export class CoverageTrial {
  private whole = NOTHING;
  /** The last minutes, burn-in included, oldest first. */
  private readonly recent: ProbeMinute[] = [];
  private readonly silent: Record<ArmName, number> = { canary: 0, stable: 0 };
  private minute = 0;

  constructor(
    private readonly plan: Plan,
    private readonly probe: ProbeSpec,
  ) {}

  fold(counts: ProbeMinute): void {
    this.minute += 1;
    if (this.minute > this.plan.burnInMin) this.whole = this.add(this.whole, counts);
    this.recent.push(counts);
    if (this.recent.length > Math.max(this.plan.tailMin, SILENT_MINUTES)) this.recent.shift();
    this.silent.canary = counts.canary.n === 0 ? this.silent.canary + 1 : 0;
    this.silent.stable = counts.stable.n === 0 ? this.silent.stable + 1 : 0;
  }

  /** Share of the schedule that came back, the poorer arm's; always enough for a passive probe, which has none. */
  get coverage(): Coverage {
    if (!this.scheduled) return { whole: 1, tail: 1, enough: true };
    const whole = this.share(this.whole);
    const tail = this.share(this.tail);
    return { whole, tail, enough: whole >= this.plan.coverage && tail >= this.plan.coverage };
  }

  /** Why coverage is not enough; undefined if it is. */
  get gap(): Gap | undefined {
    if (!this.scheduled) return undefined;
    const poor = [this.whole, this.tail].filter((filled) => this.share(filled) < this.plan.coverage);
    if (poor.length === 0) return undefined;
    return poor.some((filled) => this.isMisrouted(filled)) ? 'MISROUTED' : 'NO_DATA';
  }

  /** Why one arm has been silent in each of the last three minutes; undefined if neither has. */
  get silence(): Gap | undefined {
    if (!this.scheduled || Math.max(this.silent.canary, this.silent.stable) < SILENT_MINUTES) return undefined;
    return this.isMisrouted(this.sum(SILENT_MINUTES)) ? 'MISROUTED' : 'NO_DATA';
  }

  private get scheduled(): boolean {
    return this.probe.kind === 'exact' || !this.probe.passive;
  }

  private get tail(): Filled {
    return this.sum(Math.min(this.plan.tailMin, this.minute - this.plan.burnInMin));
  }

  private sum(lastMinutes: number): Filled {
    if (lastMinutes <= 0) return NOTHING;
    return this.recent.slice(-lastMinutes).reduce((filled, counts) => this.add(filled, counts), NOTHING);
  }

  private add(filled: Filled, { canary, stable, misrouted }: ProbeMinute): Filled {
    return {
      minutes: filled.minutes + 1,
      canary: filled.canary + this.capped(canary),
      stable: filled.stable + this.capped(stable),
      misrouted: filled.misrouted + misrouted,
    };
  }

  /** A burst does not pay for a silent minute. */
  private capped({ n }: Arm): number {
    return Math.min(n, this.probe.perMinute);
  }

  private share({ minutes, canary, stable }: Filled): number {
    return minutes === 0 ? 0 : Math.min(canary, stable) / (minutes * this.probe.perMinute);
  }

  /** Whether samples which reached neither release explain at least half of what is missing. */
  private isMisrouted({ minutes, canary, stable, misrouted }: Filled): boolean {
    const shortfall = 2 * minutes * this.probe.perMinute - canary - stable;
    return misrouted > 0 && misrouted >= shortfall / 2;
  }
}

import { foldMinute, judgeFinalBake } from '../../lambda/gate/judge';
import { nextRates, type Rates } from '../../lambda/gate/rates';
import { openTrial } from '../../lambda/gate/trial';
import type { Arm, Minute, Plan, ProbeMinute } from '../../lib/model/gate-plan';
import { type End, FINAL_BAKE_MIN, type Policy, type PolicyRun, type SimMinute } from './policy';
import type { SimArm } from './world';

/** Passive probe of the plans here, fed by the load balancer's counts. */
export const TRAFFIC_ID = 'traffic';

const NONE: Arm = { n: 0, breaches: 0, hard: 0 };

/**
 * The shipped judge, with the shipped rates: what it asks for after a minute is what the next one has.
 *
 * @param finalBake whether to go on through the final bake, in which the stable is gone
 */
export function gatePolicy(
  name: string,
  planFor: (n: Readonly<Record<string, number>>) => Plan,
  finalBake = false,
): Policy {
  return { name, open: (n) => new GateRun(planFor(n), finalBake) };
}

class GateRun implements PolicyRun {
  sent = 0;
  sentToCanary = 0;
  private readonly trial;
  private readonly minutes: Minute[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly finalBake: boolean,
  ) {
    this.trial = openTrial(plan);
  }

  get promoted(): boolean {
    return this.trial.final?.verdict === 'promote';
  }

  see(simulated: SimMinute): End | undefined {
    return this.promoted ? this.bake(simulated) : this.judge(simulated);
  }

  private judge(simulated: SimMinute): End | undefined {
    const minute = this.count(simulated, nextRates(this.trial));
    foldMinute(this.trial, minute);
    const { final } = this.trial;
    if (final?.verdict === 'promote') return this.finalBake ? undefined : 'promote';
    if (final?.verdict !== 'rollback') return undefined;
    return final.because === 'EVIDENCE' || final.because === 'OUTAGE' ? 'rollback' : 'inconclusive';
  }

  private bake(simulated: SimMinute): End | undefined {
    const { probes, minute } = this.count(simulated, nextRates(this.trial));
    const alone = Object.entries(probes).map(([id, counts]) => [id, { ...counts, stable: NONE }]);
    this.minutes.push({ minute, probes: Object.fromEntries(alone) });
    const promotedAt = this.trial.minute;
    const last = this.minutes.length >= promotedAt + FINAL_BAKE_MIN;
    if (judgeFinalBake(this.plan, this.minutes, promotedAt)) return 'rollback';
    return last ? 'promote' : undefined;
  }

  /** The minute as the prober would have counted it at these rates. */
  private count({ minute, probes, traffic }: SimMinute, rates: Rates): Minute {
    const counted = Object.entries(probes).map(([id, { canary, stable }]) => {
      this.sent += 2 * rates[id]!;
      this.sentToCanary += rates[id]!;
      return [id, { canary: take(canary, rates[id]!), stable: take(stable, rates[id]!), misrouted: 0 }] as const;
    });
    const passive: Record<string, ProbeMinute> = traffic
      ? {
          [TRAFFIC_ID]: {
            canary: { ...traffic.canary, hard: 0 },
            stable: { ...traffic.stable, hard: 0 },
            misrouted: 0,
          },
        }
      : {};
    const own = { minute, probes: { ...Object.fromEntries(counted), ...passive } };
    if (!this.promoted) this.minutes.push(own);
    return own;
  }
}

function take(arm: SimArm, size: number): Arm {
  return { n: size, breaches: arm.breachesOf(size), hard: 0 };
}

import type { SimArm, TrafficArm } from './world';

/** Both arms of one probe in a simulated minute. */
export interface SimPair {
  readonly canary: SimArm;
  readonly stable: SimArm;
}

/** A simulated minute: the probes' requests, and what the load balancer counted. */
export interface SimMinute {
  readonly minute: number;
  readonly probes: Readonly<Record<string, SimPair>>;
  readonly traffic?: { readonly canary: TrafficArm; readonly stable: TrafficArm };
}

/** What a policy makes of a release; `inconclusive` is what fails closed, or waits for a person. */
export type End = 'promote' | 'rollback' | 'inconclusive';

/** A decision rule, as its users would set it up. */
export interface Policy {
  readonly name: string;
  /** @param n requests of each arm and probe in a minute, by probe */
  open(n: Readonly<Record<string, number>>): PolicyRun;
}

/** One release under a policy. */
export interface PolicyRun {
  /** Requests on both arms so far. */
  readonly sent: number;
  /** Of them on the canary. */
  readonly sentToCanary: number;
  /** Whether the canary serves everybody by now. */
  readonly promoted: boolean;
  /** See the next minute. Called until it answers. */
  see(minute: SimMinute): End | undefined;
}

/** Minutes of the bake, after which the peers promote; and the last one, after which nothing is waited for. */
export const BAKE_MIN = 30;
export const HARD_STOP_MIN = 45;
/** Length of the final bake, where it is followed. */
export const FINAL_BAKE_MIN = 10;

import { type Draw, drawBinomial, drawNormal } from './random';

/** Requests slower than this breach, whatever the probe; the unit of every simulated latency. */
export const BOUND_MS = 250;

/** Spread of the latencies' logarithms. */
const SIGMA = 0.5;

/** A request that meets the environment's trouble takes so long. */
const TROUBLE_MS = { least: 260, most: 660 };

/** Requests of users on the canary in a minute, while it has its share; after promotion it serves all of them. */
export const CANARY_USERS = 60;
export const ALL_USERS = 600;

/** What one arm does in a minute: its own chance of a breach, and the environment's on top. */
export interface Chances {
  readonly own: number;
  readonly environment: number;
}

export function chanceOf({ own, environment }: Chances): number {
  return environment + (1 - environment) * own;
}

/** One arm's requests in a minute. All policies see the same; a policy that bursts takes spare ones too. */
export class SimArm {
  readonly slow: number;

  constructor(
    /** Milliseconds, in the order they were sent. */
    readonly latencies: Float64Array,
    /** Breaches among the first k spare requests, at k. */
    private readonly spare: Uint16Array,
  ) {
    this.slow = latencies.reduce((sum, ms) => sum + Number(ms > BOUND_MS), 0);
  }

  get n(): number {
    return this.latencies.length;
  }

  /** Breaches among the first `size` requests, spare ones included. */
  breachesOf(size: number): number {
    if (size === 0) return 0;
    if (size < this.n) return this.latencies.subarray(0, size).filter((ms) => ms > BOUND_MS).length;
    return this.slow + this.spare[Math.min(size - this.n, this.spare.length - 1)]!;
  }
}

/** n requests, and twice as many spare ones. */
export function drawArm(draw: Draw, n: number, chances: Chances): SimArm {
  const median = Math.exp(Math.log(BOUND_MS) - SIGMA * normalQuantile(1 - chances.own));
  const latencies = Float64Array.from({ length: n }, () =>
    draw() < chances.environment
      ? TROUBLE_MS.least + draw() * (TROUBLE_MS.most - TROUBLE_MS.least)
      : median * Math.exp(SIGMA * drawNormal(draw)),
  );
  const spare = new Uint16Array(2 * n + 1);
  const chance = chanceOf(chances);
  for (let i = 1; i < spare.length; i++) spare[i] = spare[i - 1]! + Number(draw() < chance);
  return new SimArm(latencies, spare);
}

/** Real traffic: counted, not measured one by one. */
export class TrafficArm {
  constructor(
    readonly n: number,
    readonly breaches: number,
  ) {}
}

export function drawTraffic(draw: Draw, n: number, chances: Chances): TrafficArm {
  return new TrafficArm(n, drawBinomial(draw, n, chanceOf(chances)));
}

/** The z with P(Z ≤ z) = p for a standard normal Z. @see Acklam's approximation, relative error below 1.15e-9 */
export function normalQuantile(p: number): number {
  if (p < LOW) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - LOW) return -tail(Math.sqrt(-2 * Math.log1p(-p)));
  const q = p - 0.5;
  const r = q * q;
  return (q * horner(A, r)) / (r * horner(B, r) + 1);
}

const LOW = 0.02425;
const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const B = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1];
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];

function tail(q: number): number {
  return horner(C, q) / (q * horner(D, q) + 1);
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

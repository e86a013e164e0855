import type { PairedCounts } from '../../lib/model/evidence/e-values';
import { lnChoose } from '../../lib/model/evidence/log-space';
import { LOGIN } from '../../lib/model/gate-defaults';

/** Chance of a breach on the canary and on the stable. */
export type Chances = readonly [pC: number, pS: number];

/** P(Bin(n, p) = k) for k = 0 … n. */
export function binomial(n: number, p: number): readonly number[] {
  if (p === 0 || p === 1) return Array.from({ length: n + 1 }, (_, k) => Number(k === (p === 0 ? 0 : n)));
  return Array.from({ length: n + 1 }, (_, k) => Math.exp(lnChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)));
}

export function counts(nC: number, x: number, nS: number, y: number): PairedCounts {
  return { canary: { n: nC, breaches: x }, stable: { n: nS, breaches: y } };
}

/** The highest chance on the canary that the stable's excuses. */
export function line(pS: number, { p0, typical } = LOGIN): number {
  return 1 - ((1 - p0) * (1 - pS)) / (1 - typical);
}

const LEVELS = [0, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 0.8, 0.97, 1];

/** Pairs of chances on the line and below it. */
export const EXCUSED: readonly Chances[] = LEVELS.flatMap((pS) =>
  [1, 0.9, 0.5, 0].map((share) => [Math.max(0, share * line(pS)), pS] as const),
);

/** Pairs that are innocent for either reason. */
export const INNOCENT: readonly Chances[] = [
  ...EXCUSED,
  ...LEVELS.flatMap((pS) => [0.001, 0.03, LOGIN.p0].map((pC) => [pC, pS] as const)),
];

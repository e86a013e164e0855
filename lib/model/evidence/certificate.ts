import type { Counts } from './e-values';
import { logAddExp, logSumExp } from './log-space';

/** Fractions of pTol that the certificate bets the release stays below, each with a sixth of the stake. */
const FRACTIONS = [0.03, 0.12, 0.25, 0.4, 0.6, 0.75];

/**
 * ln Cert: the evidence of an arm against "every sample's chance of a breach is at least pTol".
 *
 * Falls with each breach, grows with each sample without one; 0 without samples.
 */
export function lnCert(pTol: number, { n, breaches }: Counts): number {
  const terms = FRACTIONS.map(
    (c) => breaches * Math.log(c) + (n - breaches) * (Math.log1p(-c * pTol) - Math.log1p(-pTol)),
  );
  return logSumExp(terms) - Math.log(FRACTIONS.length);
}

/** ln of half of one e-value and half of another: itself an e-value, whatever ties the two together. */
export function lnHalves(a: number, b: number): number {
  return logAddExp(a, b) - Math.LN2;
}

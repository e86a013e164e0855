import type { Counts } from './e-values';
import { logAddExp, logSumExp } from './log-space';

/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { log, log1p } = Math;

/** Fractions of pTol that the certificate bets the release stays below, each with a sixth of the stake. */
const FRACTIONS = [0.03, 0.12, 0.25, 0.4, 0.6, 0.75];

const LN_FRACTIONS = FRACTIONS.map(log);
const LN_PARTS = log(FRACTIONS.length);

/** ln of the certificate of one window. */
export type Certificate = (window: Counts) => number;

/**
 * ln Cert: the evidence of an arm against "every sample's chance of a breach is at least pTol".
 *
 * Falls with each breach, grows with each sample without one; 0 without samples.
 */
export function certificateFor(pTol: number): Certificate {
  const lnKept = FRACTIONS.map((c) => log1p(-c * pTol) - log1p(-pTol));
  const terms = new Float64Array(FRACTIONS.length);
  return ({ n, breaches }) => {
    for (let i = 0; i < terms.length; i++) terms[i] = breaches * LN_FRACTIONS[i]! + (n - breaches) * lnKept[i]!;
    return logSumExp(terms) - LN_PARTS;
  };
}

/** ln of half of one e-value and half of another: itself an e-value, whatever ties the two together. */
export function lnHalves(a: number, b: number): number {
  return logAddExp(a, b) - Math.LN2;
}

import { expect } from '@jest/globals';
import type { RateEvidence, Verdict } from '../../lib/model/gate-plan';

/** Agreement to six significant digits; less than 1e-9 is 0. */
export function expectClose(actual: number, expected: number): void {
  const slack = Math.abs(expected) * 5.5e-6 + 1e-9;
  expect(actual).toBeGreaterThanOrEqual(expected - slack);
  expect(actual).toBeLessThanOrEqual(expected + slack);
}

/** `extend BAKING @4`, `rollback EVIDENCE login @5`. */
export function said({ verdict, because, probe, minute }: Verdict): string {
  return [verdict, because, probe, `@${minute}`].filter(Boolean).join(' ');
}

/** E of the release, then M_abs, M_rel, F_abs, F_rel, two(whole) and two(tail) of one probe, the last six as natural logs. */
export function expectFigures({ evidence }: Verdict, probe: string, figures: string): void {
  const shown = evidence.probes[probe] as RateEvidence;
  const { abs, rel, outageAbs, outageRel, certWhole, certTail } = shown;
  const actual = [evidence.E, abs, rel, outageAbs, outageRel, certWhole, certTail];
  for (const [i, figure] of figures.split(' ').entries()) expectClose(actual[i]!, Number(figure));
}

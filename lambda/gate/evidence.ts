import type { Counts } from '../../lib/model/evidence/e-values';
import type { RateTrial } from '../../lib/model/evidence/rate-trial';
import type { ArmTotals, Evidence, ExactEvidence, RateEvidence } from '../../lib/model/gate-plan';
import { lnShare, type ProbeTrial, type Trial } from './trial';

/** 97.5 % point of the normal distribution: both sides of a 95 % interval. */
const Z = 1.959963984540054;

/** What all probes have shown so far, for people and for the ledger. */
export function evidenceOf({ plan, probes, minute, lnE }: Trial): Evidence {
  return {
    minute,
    E: Math.exp(lnE),
    lnE,
    threshold: 1 / plan.alpha,
    probes: Object.fromEntries(probes.map((probe) => [probe.spec.id, probeEvidence(probe, lnE)])),
  };
}

function probeEvidence(probe: ProbeTrial, lnE: number): RateEvidence | ExactEvidence {
  const { coverage, hard, rate } = probe;
  if (rate) return { ...rateEvidence(rate), share: Math.exp(lnShare(probe) - lnE), coverage: coverage.coverage };
  return { kind: 'exact', condemning: [...hard.condemning], certified: hard.certified, coverage: coverage.coverage };
}

function rateEvidence(rate: RateTrial): Omit<RateEvidence, 'share' | 'coverage'> {
  const { lanes, whole, burnIn } = rate;
  return {
    kind: 'rate',
    E: Math.exp(lanes.lnE),
    lnE: lanes.lnE,
    abs: lanes.abs,
    rel: lanes.rel,
    outageAbs: lanes.outageAbs,
    outageRel: lanes.outageRel,
    ...(Number.isFinite(rate.lnLeaning) ? { leaning: rate.lnLeaning } : {}),
    certWhole: rate.lnCertificate(whole),
    certTail: rate.lnCertificate(rate.tail),
    certified: rate.certified,
    canary: armTotals(whole.canary),
    stable: armTotals(whole.stable),
    muted: [...rate.mutedMinutes],
    unmuted: armTotals(whole.unmuted),
    burnIn: { canary: armTotals(burnIn.canary), stable: armTotals(burnIn.stable) },
    sick: rate.sick,
  };
}

function armTotals({ n, breaches }: Counts): ArmTotals {
  return { n, breaches, rate: n === 0 ? 0 : breaches / n, interval: wilson(n, breaches) };
}

/** Wilson's 95 % interval of a rate; all of [0, 1] without samples. */
function wilson(n: number, breaches: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const rate = breaches / n;
  const centre = rate + Z ** 2 / (2 * n);
  const reach = Z * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2));
  const scale = 1 + Z ** 2 / n;
  return [Math.max(0, (centre - reach) / scale), Math.min(1, (centre + reach) / scale)];
}

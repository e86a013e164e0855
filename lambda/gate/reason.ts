import { percent } from '../../lib/model/evidence/in-words';
import type { ArmTotals, Because, Coverage, Plan, RateEvidence, Verdict } from '../../lib/model/gate-plan';

/** Why the gate said what it said, in one line for people, with the numbers it rests on. */
export function reasonOf(plan: Plan, verdict: Verdict): string {
  const words = REASONS[verdict.because](plan, verdict);
  return verdict.probe === undefined ? words : `${verdict.probe}: ${words}`;
}

type InWords = (plan: Plan, verdict: Verdict) => string;

const REASONS: Readonly<Record<Because, InWords>> = {
  CERTIFIED: certified,
  EVIDENCE: against,
  OUTAGE: against,
  HARD: (_, { minute }) =>
    `failures that no environment excuses, while the stable had none; confirmed in minute ${minute}`,
  BAKING: ({ bakeMin }, { minute }) => `nothing against it by minute ${minute}; it bakes until minute ${bakeMin}`,
  UNCERTIFIED: uncertified,
  LEANING: leaning,
  ENV_DEGRADED: degraded,
  NO_DATA: (plan, verdict) => `too few samples came back: ${coverage(plan, verdict)}`,
  MISROUTED: (plan, verdict) => `samples were answered by neither release: ${coverage(plan, verdict)}`,
};

/** `certified: login below 8 % (1.9 % of 540), …`; exact probes by name alone. */
function certified({ probes, beta }: Plan, { evidence }: Verdict): string {
  const shown = probes.map((probe) => {
    if (probe.kind === 'exact') return `${probe.id} the same`;
    const { canary } = evidence.probes[probe.id] as RateEvidence;
    return `${probe.id} below ${percent(probe.pTol)} (${percent(canary.rate)} of ${canary.n})`;
  });
  return `certified with ${percent(1 - beta)}: ${shown.join(', ')}`;
}

function against(_: Plan, { probe, minute, evidence }: Verdict): string {
  const { canary, stable } = evidence.probes[probe!] as RateEvidence;
  return [
    canary.n === 0
      ? 'breaches in the burn-in'
      : `${counted(canary)} in breach on the canary against ${counted(stable)} on the stable`,
    `E = ${figure(evidence.lnE)}, limit ${figure(Math.log(evidence.threshold))}`,
    `decided in minute ${minute}`,
  ].join('; ');
}

function uncertified({ probes, beta }: Plan, { probe: id, evidence }: Verdict): string {
  const probe = probes.find((candidate) => candidate.id === id)!;
  const shown = evidence.probes[probe.id]!;
  if (probe.kind === 'exact' || shown.kind === 'exact')
    return 'answers have differed, and too lately or too often to promote';
  const { canary, certWhole, certTail } = shown;
  const limit = figure(-Math.log(beta));
  return (
    `${counted(canary)} in breach do not show less than ${percent(probe.pTol)}: certificate ` +
    `${figure(certWhole)} over the whole, ${figure(certTail)} over the tail, needed ${limit}`
  );
}

function leaning(plan: Plan, { probe, evidence }: Verdict): string {
  if (plan.version === 1)
    throw new Error('version: expected 2, got 1; only a plan of version 2 asks how a release leans');
  const { minutes, evidence: allowed } = plan.recent;
  const { leaning: found } = evidence.probes[probe!] as RateEvidence;
  return `the last ${minutes} minutes lean against it: evidence ${figure(found!)}, allowed ${allowed}`;
}

function degraded(_: Plan, { probe, evidence }: Verdict): string {
  const { stable } = evidence.probes[probe!] as RateEvidence;
  return `the stable itself breaks its objective (${counted(stable)} in breach), so the canary cannot be certified`;
}

function coverage(plan: Plan, { probe, evidence, minute }: Verdict): string {
  if (probe === undefined) return `no minute has closed`;
  const { whole, tail }: Coverage = evidence.probes[probe]!.coverage;
  if (minute < plan.bakeMin) return 'an arm has been silent for three minutes';
  return `${percent(whole)} of the schedule over the whole, ${percent(tail)} over the tail, needed ${percent(plan.coverage)}`;
}

function counted({ n, breaches }: ArmTotals): string {
  return `${breaches} of ${n}`;
}

/** A number known by its log, with three digits; by its power of ten where it is huge. */
export function figure(ln: number): string {
  return ln < 700 ? String(Number(Math.exp(ln).toPrecision(3))) : `10^${Math.round(ln / Math.LN10)}`;
}

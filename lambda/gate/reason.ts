import { certificateFor, lnHalves } from '../../lib/model/evidence/certificate';
import { percent } from '../../lib/model/evidence/in-words';
import type {
  ArmName,
  ArmTotals,
  Because,
  Coverage,
  Plan,
  ProbeSpec,
  RateEvidence,
  RateProbe,
  Verdict,
} from '../../lib/model/gate-plan';

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
  HARD: hard,
  BAKING: ({ bakeMin }, { minute }) => `nothing against it by minute ${minute}; it bakes until minute ${bakeMin}`,
  UNCERTIFIED: uncertified,
  LEANING: leaning,
  ENV_DEGRADED: degraded,
  NO_DATA: (plan, verdict) => `too few samples came back: ${coverage(plan, verdict)}`,
  MISROUTED: (plan, verdict) => `samples were answered by neither release: ${coverage(plan, verdict)}`,
};

/** `certified with 95 %: login below 8 % (1.9 % of 540), …`; exact probes by name alone. */
function certified(plan: Plan, { verdict, evidence }: Verdict): string {
  const shown = plan.probes.map((probe) => certifiedProbe(plan, probe, evidence.probes[probe.id] as RateEvidence));
  const words = `certified with ${percent(1 - plan.beta)}: ${shown.join(', ')}`;
  return verdict === 'hold' ? `a person must promote it, after the hard stop; ${words}` : words;
}

function certifiedProbe(plan: Plan, probe: ProbeSpec, shown: RateEvidence): string {
  if (probe.kind === 'exact') return `${probe.id} the same`;
  const { canary, stable } = shown;
  if (shown.certWhole < lnNeeded(plan)) return `${probe.id} without a say (${counted(canary)}, too few to tell)`;
  const below = `${probe.id} below ${percent(probe.pTol)}`;
  if (plan.hotfix) {
    return `${below} or at less than twice the stable's odds (${share(canary)} against ${share(stable)})`;
  }
  return `${below} (${isClear(plan, probe, shown) ? share(canary) : withoutShared(shown)})`;
}

/** Whether the certificate over all minutes is enough, those in which the stable was sick too. */
function isClear(plan: Plan, { pTol }: RateProbe, { canary }: RateEvidence): boolean {
  return lnHalves(certificateFor(pTol)(canary), -Infinity) >= lnNeeded(plan);
}

/** What is certified is what the release did while the stable was well; the rest is told beside it. */
function withoutShared({ canary, unmuted, muted }: RateEvidence): string {
  return `${share(unmuted)}, without ${minutes(muted.length)} in which the stable was in trouble too; ${share(canary)} with them`;
}

/** The counts are those of the evidence: the burn-in's, and all since. */
function against(_: Plan, { probe, minute, evidence }: Verdict): string {
  const shown = evidence.probes[probe!] as RateEvidence;
  return [
    `${seen(shown, 'canary')} in breach on the canary against ${seen(shown, 'stable')} on the stable`,
    `E = ${figure(evidence.lnE)}, limit ${figure(Math.log(evidence.threshold))}`,
    `decided in minute ${minute}`,
  ].join('; ');
}

function hard(_: Plan, { probe, minute, evidence }: Verdict): string {
  const shown = evidence.probes[probe!]!;
  const words =
    shown.kind === 'exact'
      ? `wrong answers in minutes ${shown.condemning.join(', ')}, while the stable's were right`
      : 'failures that no environment excuses, such as a delivery made twice, while the stable had none';
  return `${words}; confirmed in minute ${minute}`;
}

function uncertified(plan: Plan, { probe: id, evidence }: Verdict): string {
  const probe = plan.probes.find((candidate) => candidate.id === id)!;
  const shown = evidence.probes[probe.id]!;
  if (probe.kind === 'exact' || shown.kind === 'exact')
    return 'answers have differed, and too lately or too often to promote';
  const { canary, certWhole, certTail } = shown;
  return (
    `${counted(canary)} in breach do not show less than ${percent(probe.pTol)}: certificate ` +
    `${figure(certWhole)} over the whole, ${figure(certTail)} over the tail, needed ${figure(lnNeeded(plan))}`
  );
}

function leaning(plan: Plan, { probe, evidence }: Verdict): string {
  if (plan.version === 1)
    throw new Error('version: expected 2, got 1; only a plan of version 2 asks how a release leans');
  const { minutes: last, evidence: allowed } = plan.recent;
  const { leaning: found } = evidence.probes[probe!] as RateEvidence;
  return `the last ${minutes(last)} by themselves speak against it: evidence ${figure(found!)}, allowed ${allowed}`;
}

function degraded({ probes }: Plan, { probe: id, evidence }: Verdict): string {
  const { pTol } = probes.find((probe): probe is RateProbe => probe.id === id && probe.kind === 'rate')!;
  const { canary, stable } = evidence.probes[id!] as RateEvidence;
  return (
    `the stable breaks its objective too (${counted(stable)} in breach, the canary ${counted(canary)}), so less than ` +
    `${percent(pTol)} cannot be shown; look at what both depend on`
  );
}

function coverage(plan: Plan, { probe, evidence, minute }: Verdict): string {
  if (probe === undefined) return `no minute has closed`;
  const { whole, tail }: Coverage = evidence.probes[probe]!.coverage;
  if (minute < plan.bakeMin) return 'an arm has been silent for three minutes';
  return `${percent(whole)} of the schedule over the whole, ${percent(tail)} over the tail, needed ${percent(plan.coverage)}`;
}

/** What the certificate must reach, as its ln. */
function lnNeeded({ beta }: Plan): number {
  return -Math.log(beta);
}

function seen(shown: RateEvidence, arm: ArmName): string {
  const [burnIn, since] = [shown.burnIn[arm], shown[arm]];
  return `${burnIn.breaches + since.breaches} of ${burnIn.n + since.n}`;
}

function counted({ n, breaches }: ArmTotals): string {
  return `${breaches} of ${n}`;
}

function share({ n, rate }: ArmTotals): string {
  return `${percent(rate)} of ${n}`;
}

function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}

/** A number known by its log, with three digits; by its power of ten where it is huge. */
export function figure(ln: number): string {
  return ln < 700 ? String(Number(Math.exp(ln).toPrecision(3))) : `10^${Math.round(ln / Math.LN10)}`;
}

import type { Minute, Plan, Verdict } from '../../lib/model/gate-plan';
import { evidenceOf } from './evidence';
import { problemsOf, refuse } from './minutes';
import { type Decision, foldProbes, lnShare, openTrial, type ProbeTrial, type Trial } from './trial';

/** Why a release cannot be promoted yet, gravest first. */
const REASONS = ['MISROUTED', 'NO_DATA', 'ENV_DEGRADED', 'UNCERTIFIED', 'LEANING'] as const;
type Reason = (typeof REASONS)[number];
type Blocked = { readonly because: Reason; readonly probe: string };

/**
 * The verdict on a release after these minutes.
 *
 * The first minute that promotes or rolls back is final, so the answer does not depend on when, or how often, it is asked.
 *
 * @throws ConfigError with every minute out of order, probe the plan lacks, and count that is none
 */
export function judge(plan: Plan, minutes: readonly Minute[]): Verdict {
  return verdictOf(foldAll(plan, minutes));
}

/**
 * Fold checked minutes into a trial.
 *
 * @param after called with the trial after each minute
 * @throws ConfigError like {@link judge}; a minute after the final one is not read
 */
export function foldAll(plan: Plan, minutes: readonly Minute[], after: (trial: Trial) => void = () => {}): Trial {
  const trial = openTrial(plan);
  for (const minute of minutes) {
    if (!trial.final && problemsOf(plan, minute, trial.minute + 1).length > 0) refuse(plan, minutes);
    foldMinute(trial, minute);
    after(trial);
  }
  return trial;
}

/** Add the next minute, which must be one that {@link problemsOf} finds nothing wrong with. Nothing changes after a final verdict. */
export function foldMinute(trial: Trial, minute: Minute): void {
  if (trial.final) return;
  foldProbes(trial, minute);
  trial.final = condemn(trial) ?? conclude(trial);
}

/** The verdict so far, with all that speaks for and against it. */
export function verdictOf(trial: Trial): Verdict {
  return { ...(trial.final ?? waitingFor(trial)), minute: trial.minute, evidence: evidenceOf(trial) };
}

/**
 * The verdict that takes a promotion back, if the minutes of the final bake have earned one.
 *
 * Evidence goes on from where the promotion left it. No stable is left beside the release, so only its own bound speaks, and
 * more minutes must agree. A plan of version 1 judges nothing after the promotion.
 *
 * @param promotedAt minute of the promotion; those after it are the bake's
 * @param after called with the trial after each minute of the bake
 * @throws ConfigError like {@link judge}
 */
export function judgeFinalBake(
  plan: Plan,
  minutes: readonly Minute[],
  promotedAt: number,
  after: (trial: Trial) => void = () => {},
): Verdict | undefined {
  if (plan.version === 1) return undefined;
  const trial = openTrial(plan);
  for (const minute of minutes) {
    if (trial.minute === promotedAt) promote(trial);
    if (problemsOf(plan, minute, trial.minute + 1).length > 0) refuse(plan, minutes);
    foldProbes(trial, minute);
    trial.final = condemn(trial);
    if (trial.minute > promotedAt) after(trial);
    if (trial.final) return verdictOf(trial);
  }
  return undefined;
}

/** From here on no stable is left to compare with. */
function promote({ probes }: Trial): void {
  for (const { rate } of probes) rate?.promote();
}

/** Roll back at once? Looked at in every minute and in every state. */
function condemn({ plan, probes, lnE }: Trial): Decision | undefined {
  const failing = probes.find(({ hard }) => hard.confirmed);
  if (failing) return { verdict: 'rollback', because: 'HARD', probe: failing.spec.id };
  if (lnE < -Math.log(plan.alpha)) return undefined;
  const decider = probes.reduce((most, probe) => (lnShare(probe) > lnShare(most) ? probe : most));
  const { lanes } = decider.rate!;
  const because = lanes.lnOutage > lanes.lnMain ? 'OUTAGE' : 'EVIDENCE';
  return { verdict: 'rollback', because, probe: decider.spec.id };
}

/** Promote, or give up at the end? */
function conclude(trial: Trial): Decision | undefined {
  const { plan, minute } = trial;
  if (minute < plan.bakeMin) return undefined;
  const blocked = firstBlocked(trial);
  if (!blocked) return minute <= plan.hardStopMin ? { verdict: 'promote', because: 'CERTIFIED' } : undefined;
  if (minute < plan.hardStopMin || plan.onHardStop === 'pause') return undefined;
  return { verdict: 'rollback', ...blocked };
}

/** What a release without a final verdict waits for: `extend` for its own evidence, `hold` for people. */
function waitingFor(trial: Trial): Decision {
  if (trial.minute === 0) return { verdict: 'hold', because: 'NO_DATA' };
  if (trial.minute < trial.plan.bakeMin) {
    const silent = gravest(trial.probes, ({ coverage }) => coverage.silence);
    return silent ? { verdict: 'hold', ...silent } : { verdict: 'extend', because: 'BAKING' };
  }
  const blocked = firstBlocked(trial);
  // Certified only after the hard stop of a plan that pauses there: a person promotes.
  if (!blocked) return { verdict: 'hold', because: 'CERTIFIED' };
  const isOurs = blocked.because === 'UNCERTIFIED' || blocked.because === 'LEANING';
  return { verdict: isOurs ? 'extend' : 'hold', ...blocked };
}

function firstBlocked({ probes }: Trial): Blocked | undefined {
  return gravest(probes, (probe) => probe.coverage.gap ?? doubt(probe));
}

/** What a probe with enough samples still has against a promotion. */
function doubt({ rate, hard }: ProbeTrial): Reason | undefined {
  if (!rate) return hard.certified ? undefined : 'UNCERTIFIED';
  if (!rate.certified) return rate.sick ? 'ENV_DEGRADED' : 'UNCERTIFIED';
  return rate.leans ? 'LEANING' : undefined;
}

/** The gravest reason over all probes; of equals, the first in the plan. */
function gravest(
  probes: readonly ProbeTrial[],
  reasonOf: (probe: ProbeTrial) => Reason | undefined,
): Blocked | undefined {
  const found = probes.map((probe) => ({ because: reasonOf(probe), probe: probe.spec.id }));
  for (const reason of REASONS) {
    const first = found.find(({ because }) => because === reason);
    if (first) return { because: reason, probe: first.probe };
  }
  return undefined;
}

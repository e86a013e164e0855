import type { Arm, Minute, Plan, ProbeMinute, ProbeSpec } from '../../lib/model/gate-plan';
import { ConfigError, type Problem } from '../../lib/model/problem';

const NO_SAMPLES: Arm = { n: 0, breaches: 0, hard: 0 };
const NO_COUNTS: ProbeMinute = { canary: NO_SAMPLES, stable: NO_SAMPLES, misrouted: 0 };

/** A probe's counts in a minute; zeros if it did not report. */
export function countsOf(minute: Minute, probe: ProbeSpec): ProbeMinute {
  return Object.hasOwn(minute.probes, probe.id) ? minute.probes[probe.id]! : NO_COUNTS;
}

/** Everything that keeps one minute from being judged. */
export function problemsOf(plan: Plan, minute: Minute, expectedMinute: number): readonly Problem[] {
  const problems: Problem[] = [];
  const at = `minutes[${expectedMinute - 1}]`;
  if (minute.minute !== expectedMinute) problems.push(outOfOrder(at, minute.minute, expectedMinute));
  for (const id of Object.keys(minute.probes)) {
    if (!plan.probes.some((probe) => probe.id === id)) problems.push(foreign(at, id, plan));
  }
  for (const probe of plan.probes) addCountProblems(problems, `${at}.probes.${probe.id}`, countsOf(minute, probe));
  return problems;
}

/** Throw with every problem of every minute. */
export function refuse(plan: Plan, minutes: readonly Minute[]): never {
  throw new ConfigError(
    plan.release,
    minutes.flatMap((minute, i) => problemsOf(plan, minute, i + 1)),
  );
}

function outOfOrder(at: string, got: number, expected: number): Problem {
  return { at: `${at}.minute`, got, expected: `${expected}`, fix: 'give every minute from 1 on, once and in order' };
}

function foreign(at: string, id: string, plan: Plan): Problem {
  const known = plan.probes.map((probe) => probe.id).join(', ');
  return {
    at: `${at}.probes`,
    got: id,
    expected: `probes of the plan (${known})`,
    fix: 'judge a release by its own plan',
  };
}

/** Add what is wrong with one probe's counts, which are objects but may hold anything. */
export function addCountProblems(problems: Problem[], at: string, { canary, stable, misrouted }: ProbeMinute): void {
  addArmProblems(problems, `${at}.canary`, canary);
  addArmProblems(problems, `${at}.stable`, stable);
  if (!isCount(misrouted)) problems.push(notACount(`${at}.misrouted`, misrouted));
}

function addArmProblems(problems: Problem[], at: string, { n, breaches, hard }: Arm): void {
  if (!isCount(n)) problems.push(notACount(`${at}.n`, n));
  if (!isCount(breaches)) problems.push(notACount(`${at}.breaches`, breaches));
  else if (breaches > n) problems.push(moreThan(n, `${at}.breaches`, breaches));
  if (!isCount(hard)) problems.push(notACount(`${at}.hard`, hard));
  else if (hard > n) problems.push(moreThan(n, `${at}.hard`, hard));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function notACount(at: string, got: number): Problem {
  return { at, got, expected: 'a whole number, 0 or more', fix: 'count each sample once' };
}

function moreThan(n: number, at: string, got: number): Problem {
  return { at, got, expected: `at most n = ${n}`, fix: 'count each sample once' };
}

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
  const at = `minutes[${expectedMinute - 1}]`;
  return [
    ...orderProblems(at, minute.minute, expectedMinute),
    ...foreignProblems(at, plan, minute),
    ...plan.probes.flatMap((probe) => countProblems(`${at}.probes.${probe.id}`, countsOf(minute, probe))),
  ];
}

/** Throw with every problem of every minute. */
export function refuse(plan: Plan, minutes: readonly Minute[]): never {
  throw new ConfigError(
    plan.release,
    minutes.flatMap((minute, i) => problemsOf(plan, minute, i + 1)),
  );
}

function orderProblems(at: string, got: number, expected: number): readonly Problem[] {
  if (got === expected) return [];
  return [
    { at: `${at}.minute`, got, expected: `${expected}`, fix: 'give the minutes from 1 on, in order, none missing' },
  ];
}

function foreignProblems(at: string, plan: Plan, minute: Minute): readonly Problem[] {
  const known = new Set(plan.probes.map((probe) => probe.id));
  return Object.keys(minute.probes)
    .filter((id) => !known.has(id))
    .map((id) => ({
      at: `${at}.probes`,
      got: id,
      expected: `a probe of the plan (${[...known].join(', ')})`,
      fix: 'judge a release by its own plan',
    }));
}

function countProblems(at: string, { canary, stable, misrouted }: ProbeMinute): readonly Problem[] {
  return [
    ...armProblems(`${at}.canary`, canary),
    ...armProblems(`${at}.stable`, stable),
    ...countProblem(`${at}.misrouted`, misrouted, Number.MAX_SAFE_INTEGER),
  ];
}

function armProblems(at: string, { n, breaches, hard }: Arm): readonly Problem[] {
  const most = isCount(n) ? n : Number.MAX_SAFE_INTEGER;
  return [
    ...countProblem(`${at}.n`, n, Number.MAX_SAFE_INTEGER),
    ...countProblem(`${at}.breaches`, breaches, most),
    ...countProblem(`${at}.hard`, hard, most),
  ];
}

function countProblem(at: string, got: number, most: number): readonly Problem[] {
  if (isCount(got) && got <= most) return [];
  const expected =
    most === Number.MAX_SAFE_INTEGER ? 'a whole number, 0 or more' : `a whole number from 0 to n = ${most}`;
  return [{ at, got, expected, fix: 'count each sample once' }];
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

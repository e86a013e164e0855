import { CERTAIN_ENOUGH, samplesNeeded } from './evidence/certifiable';
import type { Detection } from './evidence/detection';
import { inDecimals, percent, shortOf } from './evidence/in-words';
import { type ExactPower, exactPower, type RatePower, ratePower } from './evidence/probe-power';
import type { Plan, PlanV1, PlanV2, ProbeSpec, RateProbe } from './gate-plan';
import { powerRepairs, probePowerRepairs, speedRepairs } from './plan-repairs';
import { constantProblems, probeListProblems, probeProblems, type ShapeProblem } from './plan-shape';

/** A plan before it is known which releases it judges. */
export type PlanSpec = Omit<PlanV1, OfARelease> | Omit<PlanV2, OfARelease>;
type OfARelease = 'release' | 'stable' | 'hotfix';

/** What a plan can tell, before the release. */
export interface Power {
  readonly probes: readonly (RatePower | ExactPower)[];
  /** Chance that every probe certifies a typical release at the end of the bake, and by the hard stop. Lower bounds. */
  readonly atBake: number;
  readonly atStop: number;
  /** Samples that a typical release takes, on both arms together. */
  readonly samples: number;
}

/** A plan that cannot keep its promises: all reasons, each with every single change that would do. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  /** @param problems one text each; a second line, if any, names the repairs */
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`plan refused, ${count}`, ...problems].join('\n'));
  }
}

/**
 * The power of a plan: what it certifies, what it finds, and by when. Exact and deterministic, in milliseconds.
 *
 * @throws PlanError if a value makes no sense, a typical release would often not be certified in time, or a release at
 * `mustCatch` not be found in time
 */
export function plan(spec: PlanSpec): Power {
  const whole: Plan = { ...spec, release: '', stable: '', hotfix: false };
  const constants = [...constantProblems(whole), ...probeListProblems(whole)];
  const misshapen = spec.probes.flatMap(probeProblems);
  const sound = spec.probes.filter((probe) => probeProblems(probe).length === 0);
  const judged: Plan = { ...whole, probes: constants.length > 0 ? [] : sound };
  const powers = judged.probes.flatMap((probe) => powerOf(judged, probe));
  const problems = [...[...constants, ...misshapen].map(inOneLine), ...weaknesses(judged, powers)];
  if (problems.length > 0) throw new PlanError(problems);
  const rates = powers.filter((power) => power.kind === 'rate');
  return {
    probes: powers,
    atBake: product(rates.map(({ atBake }) => atBake)),
    atStop: product(rates.map(({ atStop }) => atStop)),
    samples: 2 * powers.reduce((sum, { samples }) => sum + samples, 0),
  };
}

/** Requests of users that fail or are slow on the canary until half of such releases are rolled back. */
export function badRequests({ p, median }: Detection, users: { perMinute: number; canaryShare: number }): number {
  return median * users.perMinute * users.canaryShare * p;
}

function powerOf(plan: Plan, probe: ProbeSpec): readonly (RatePower | ExactPower)[] {
  if (probe.kind === 'exact') return [exactPower(plan, probe)];
  return probe.passive ? [] : [ratePower(plan, probe)];
}

/** Probes that are well-formed and yet too weak or too slow. */
function weaknesses(plan: Plan, powers: readonly (RatePower | ExactPower)[]): readonly string[] {
  const rates = powers.flatMap((power) => {
    const probe = plan.probes.find(({ id }) => id === power.id);
    return power.kind === 'rate' && probe?.kind === 'rate' ? [{ probe, power }] : [];
  });
  const weak = rates.filter(({ power }) => power.atStop < CERTAIN_ENOUGH);
  const slow = rates.filter(({ power }) => power.mustCatch.surely > plan.hardStopMin);
  return [
    ...weak.map(({ probe, power }) => underPowered(plan, probe, power.atStop)),
    ...(weak.length === 0 ? underPoweredTogether(plan, rates) : []),
    ...slow.map(({ probe, power }) => tooSlow(plan, probe, power.smallest)),
    ...endlessPassives(plan),
  ];
}

function underPowered(plan: Plan, probe: RateProbe, chance: number): string {
  const { id, perMinute, typical, pTol } = probe;
  return withRepairs(
    `probes.${id}.perMinute = ${perMinute}: under-powered. A release at its typical ${percent(typical)} is certified ` +
      `("at most ${percent(pTol)}") by minute ${plan.hardStopMin} with probability ${shortOf(CERTAIN_ENOUGH, chance)}; ` +
      `${CERTAIN_ENOUGH} is required.`,
    powerRepairs(plan, probe, CERTAIN_ENOUGH),
  );
}

/** Each probe alone may be strong enough and all together not: a release needs every certificate. */
function underPoweredTogether(plan: Plan, rates: readonly { probe: RateProbe; power: RatePower }[]): readonly string[] {
  const together = product(rates.map(({ power }) => power.atStop));
  if (together >= CERTAIN_ENOUGH) return [];
  const repairs = rates.flatMap(({ probe, power }) => {
    const enough = CERTAIN_ENOUGH * (power.atStop / together);
    return probePowerRepairs(plan, probe, enough).map((repair) => `probes.${probe.id}.${repair}`);
  });
  const problem =
    `probes: under-powered together. A typical release is certified by all ${rates.length} by minute ` +
    `${plan.hardStopMin} with probability ${shortOf(CERTAIN_ENOUGH, together)}; ${CERTAIN_ENOUGH} is required.`;
  return [withRepairs(problem, repairs)];
}

function tooSlow(plan: Plan, probe: RateProbe, smallest: number): string {
  const { id, perMinute, mustCatch } = probe;
  const found = Number.isFinite(smallest) ? inDecimals(Math.ceil(smallest * 1000) / 1000) : 'none';
  return withRepairs(
    `probes.${id}.mustCatch = ${mustCatch}: too slow. At ${perMinute} a minute a release at ${percent(mustCatch)} is not ` +
      `found by minute ${plan.hardStopMin} (95 % path); the smallest that is: ${found}.`,
    speedRepairs(plan, probe),
  );
}

/** A passive probe is certified while it has too few samples; one that always has too few would never be asked. */
function endlessPassives({ probes, beta }: Plan): readonly string[] {
  return probes
    .filter((probe) => probe.kind === 'rate' && probe.passive && samplesNeeded({ ...probe, beta }) === Infinity)
    .map(
      ({ id }) => `probes.${id}.pTol: no million of samples certifies a typical release; raise pTol or lower typical.`,
    );
}

function withRepairs(problem: string, repairs: readonly string[]): string {
  const change = repairs.length === 0 ? 'No single change would do.' : `Any one of: ${repairs.join(', ')}.`;
  return `${problem}\n  ${change}`;
}

function inOneLine({ at, got, expected }: ShapeProblem): string {
  return `${at} = ${typeof got === 'number' ? got : JSON.stringify(got)}: it must be ${expected}.`;
}

function product(chances: readonly number[]): number {
  return chances.reduce((all, chance) => all * chance, 1);
}

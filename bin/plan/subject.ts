import { type ExactPower, type RatePower, ratePower } from '../../lib/model/evidence/probe-power';
import type { Plan, RateProbe } from '../../lib/model/gate-plan';
import { planFor } from '../../lib/model/plan-for';
import { type Power, plan as powerOf } from '../../lib/model/power';
import { resolve } from '../../lib/model/resolve';
import type { EnvName, SystemConfig } from '../../lib/model/system';
import { ENV_NAMES } from '../../lib/model/system';

/** A system's plan in an environment, and what it can tell. */
export interface Subject {
  /** E.g. `coach/prod`. */
  readonly name: string;
  readonly plan: Plan;
  readonly power: Power;
  readonly users: Users;
  /** What the probes tell that real requests feed. */
  readonly traffic: readonly ProbePower[];
}

/** A rate probe, and what it can tell. */
export interface ProbePower {
  readonly probe: RateProbe;
  readonly power: RatePower;
}

export interface Users {
  /** Requests of all users in a minute. */
  readonly perMinute: number;
  /** Share of them that the canary serves. */
  readonly canaryShare: number;
}

/**
 * @throws Error if the system or the environment is unknown, or releases without a canary
 * @throws ConfigError if the configuration is wrong, which an under-powered plan is
 */
export function subjectOf(systems: readonly SystemConfig[], system: string, env: string, perMinute: number): Subject {
  const config = systems.find(({ name }) => name === system);
  if (!config) throw new Error(`--system: expected ${oneOf(systems.map(({ name }) => name))}, got ${system}`);
  if (!isEnv(env)) throw new Error(`--env: expected ${oneOf(ENV_NAMES)}, got ${env}`);
  const model = resolve(config, env);
  if (model.rollout.kind !== 'canary') {
    throw new Error(
      `${system}/${env}: expected an environment with a canary, got "${model.rollout.kind}"; no plan judges its releases`,
    );
  }
  const plan = planFor(model, 'canary', 'stable');
  const users = { perMinute, canaryShare: model.rollout.percent / 100 };
  return { name: `${system}/${env}`, plan, power: powerOf(plan), users, traffic: trafficOf(plan, users) };
}

/**
 * What passive probes tell of as many requests as users make of the canary; nothing without users.
 *
 * The stable is taken to have no more of them than the canary. It has more, so a release is found a little earlier than this says.
 */
export function trafficOf(plan: Plan, { perMinute, canaryShare }: Users): readonly ProbePower[] {
  const onCanary = Math.round(perMinute * canaryShare);
  if (onCanary === 0) return [];
  return plan.probes.flatMap((probe) => {
    if (probe.kind !== 'rate' || !probe.passive) return [];
    const fed = { ...probe, perMinute: onCanary, bound: `${probe.bound}, ${onCanary} a minute` };
    return [{ probe: fed, power: ratePower(plan, fed) }];
  });
}

/** The scheduled rate probes, each with its power. */
export function rateProbes({ plan, power }: Subject): readonly ProbePower[] {
  return plan.probes.flatMap((probe) => {
    const shown = power.probes.find(({ id }) => id === probe.id);
    return probe.kind === 'rate' && shown?.kind === 'rate' ? [{ probe, power: shown }] : [];
  });
}

/** The same, and the probes that real requests feed. */
export function allRateProbes(subject: Subject): readonly ProbePower[] {
  return [...rateProbes(subject), ...subject.traffic];
}

export function exactProbes({ power }: Subject): readonly ExactPower[] {
  return power.probes.filter((probe) => probe.kind === 'exact');
}

function isEnv(env: string): env is EnvName {
  return ENV_NAMES.some((name) => name === env);
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `one of ${names.join(', ')}`;
}

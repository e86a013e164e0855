import type { ExactPower, RatePower } from '../../lib/model/evidence/probe-power';
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
  return {
    name: `${system}/${env}`,
    plan,
    power: powerOf(plan),
    users: { perMinute, canaryShare: model.rollout.percent / 100 },
  };
}

/** The scheduled rate probes, each with its power. */
export function rateProbes({
  plan,
  power,
}: Subject): readonly { readonly probe: RateProbe; readonly power: RatePower }[] {
  return plan.probes.flatMap((probe) => {
    const shown = power.probes.find(({ id }) => id === probe.id);
    return probe.kind === 'rate' && shown?.kind === 'rate' ? [{ probe, power: shown }] : [];
  });
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

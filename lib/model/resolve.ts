import { CHECKS } from './checks';
import { maskedDataOf } from './masked-data';
import { ConfigError } from './problem';
import { shapeProblems } from './schema';

import {
  ENV_NAMES,
  type EnvName,
  type Role,
  type Rollout,
  type RolloutOverride,
  type Service,
  type ServiceConfig,
  type ServiceOverride,
  type StoreConfig,
  type SystemConfig,
  type SystemModel,
} from './system';
import { ROLLOUTS, TIERS, type Tier } from './tiers';
import { sharedDomains } from './wiring-checks';

const SCALES_ON = { front: 'connections', inner: 'latency', worker: 'backlog' } as const;
const NO_EXTRAS = { environment: {}, secrets: {} } as const;

/**
 * One system in one environment, with every default filled in, checked and frozen.
 *
 * @throws ConfigError with every problem found: first those of shape (missing, misspelt, of the wrong type), and if there are none,
 * those between fields
 */
export function resolve(config: SystemConfig, env: EnvName): SystemModel {
  const misshapen = shapeProblems(config);
  if (misshapen.length > 0) throw new ConfigError(placeOf(config), misshapen);
  if (!ENV_NAMES.includes(env)) throw new ConfigError(config.name, [unknownEnv(env)]);

  const model = complete(config, env);
  const problems = [...sharedDomains(config), ...CHECKS.flatMap((check) => check(model))];
  if (problems.length > 0) throw new ConfigError(`${config.name}/${env}`, problems);
  return deepFreeze(structuredClone(model));
}

function placeOf(config: unknown): string {
  const name = (config as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name ? name : 'system';
}

function unknownEnv(env: unknown) {
  return { at: 'env', got: env, expected: `one of ${ENV_NAMES.join(', ')}`, fix: 'name one of them' };
}

function complete(config: SystemConfig, env: EnvName): SystemModel {
  const { services: serviceOverrides = {}, stores: storeOverrides = {}, rollout, ...place } = config.envs[env];
  const tier = TIERS[env];
  return {
    ...{
      name: config.name,
      env,
      notify: [],
      allowedAddresses: [],
      ...place,
      front: config.front,
      registry: config.registry,
      pipeline: config.delivery?.pipelines[env],
      maskedData: maskedDataOf(config, env),
      tier,
      flags: config.flags ?? {},
    },
    services: mapValues(config.services, (service, name) =>
      completeService({ ...service, name, role: roleOf(config, name) }, serviceOverrides[name], tier),
    ),
    tasks: mapValues(config.tasks ?? {}, (task, name) => ({ ...NO_EXTRAS, command: [], ...task, name })),
    stores: mapValues(config.stores, (store, name) => ({ ...store, ...storeOverrides[name] }) as StoreConfig),
    probes: config.probes,
    rollout: completeRollout(ROLLOUTS[env], rollout),
  };
}

function roleOf(config: SystemConfig, name: string): Role {
  if (config.services[name]?.kind === 'worker') return 'worker';
  return name === config.front ? 'front' : 'inner';
}

function completeService(
  service: ServiceConfig & { name: string; role: Role },
  override: ServiceOverride = {},
  tier: Tier,
): Service {
  return {
    ...{ calls: [], queues: [], secrets: {}, internalName: service.name, scalesOn: SCALES_ON[service.role] },
    ...service,
    environment: { ...service.environment, ...override.environment },
    size: { ...tier.sizes[service.role], ...service.size, ...override.size },
  };
}

function completeRollout(byTier: Rollout, override: RolloutOverride = {}): Rollout {
  if (override.kind === 'all-at-once') return override;
  if (Object.keys(override).length === 0) return byTier;
  const base = byTier.kind === 'canary' ? byTier : ROLLOUTS.prod;
  return { ...base, ...override, kind: 'canary', plan: { ...planOf(base), ...override.plan } } as Rollout;
}

function planOf(rollout: Rollout): object {
  return rollout.kind === 'canary' ? rollout.plan : {};
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

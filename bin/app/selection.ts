import { ConfigError } from '../../lib/model/problem';
import { ENV_NAMES, type EnvName, type SystemConfig } from '../../lib/model/system';
import { SYSTEMS } from '../../systems';

export interface Selected {
  readonly system: SystemConfig;
  readonly env: EnvName;
}

/**
 * What to synthesize: everything, or what `-c system=coach -c env=prod` names.
 *
 * @throws ConfigError if there is no such system or environment
 */
export function selected(context: (key: string) => unknown): readonly Selected[] {
  const names = SYSTEMS.map(({ name }) => name);
  const [wantedSystems, wantedEnvs] = [chosen(context, 'system', names), chosen(context, 'env', ENV_NAMES)];
  return SYSTEMS.filter(({ name }) => wantedSystems.includes(name)).flatMap((system) =>
    wantedEnvs.map((env) => ({ system, env })),
  );
}

function chosen<T extends string>(context: (key: string) => unknown, at: string, all: readonly T[]): readonly T[] {
  const got = context(at);
  if (got === undefined) return all;
  if (all.includes(got as T)) return [got as T];
  const expected = `one of ${all.join(', ')}`;
  throw new ConfigError('context', [{ at, got, expected, fix: `name one, e.g. -c ${at}=${all[0]}` }]);
}

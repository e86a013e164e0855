import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';

/** Coach with one part replaced, as a person without a type checker might write it. */
export function written(changes: object): SystemConfig {
  return { ...coach, ...changes } as unknown as SystemConfig;
}

export function edge(changes: object): SystemConfig {
  return written({ services: { ...coach.services, edge: { ...coach.services.edge, ...changes } } });
}

export function prod(changes: object): SystemConfig {
  return written({ envs: { ...coach.envs, prod: { ...coach.envs.prod, ...changes } } });
}

import type { EnvName, SystemModel } from './system';

/** First region lost, second taken: where its stacks stand in names, beside dev, staging and prod. */
const STANDBY = 'standby';

/**
 * The same environment in its second region, under names of its own, so that neither stands in the other's way.
 *
 * @throws Error if the environment names no second region
 */
export function standbyOf(model: SystemModel): SystemModel {
  const { name, env, recoveryRegion } = model;
  if (!recoveryRegion)
    throw new Error(`${name}/${env}: recoveryRegion: expected a second region, got nothing; add it to the environment`);
  // names are made from it and nothing else is: the tier and everything by environment is resolved already
  return { ...model, env: STANDBY as EnvName, region: recoveryRegion, recoveryRegion: undefined };
}

import { MOST_INNER_SERVICES } from './listeners';
import type { Problem } from './problem';
import { RELEASE_ID_VARIABLE } from './release';
import type { SystemConfig, SystemModel } from './system';

type Check = (model: SystemModel) => readonly Problem[];

/** What the app itself tells every service: one that said otherwise of itself would be another release, or follow none. */
const RESERVED = [
  ...[RELEASE_ID_VARIABLE, 'PORT', 'STOP_TIMEOUT_MS'],
  ...['CANARY_POINTER', 'METRIC_NAMESPACE', 'QUEUES', 'FLAGS_URL', 'JWT_SIGNING_KEY'],
];

const reservedNamesAreOurs: Check = ({ services, tasks }) =>
  Object.entries({ services, tasks }).flatMap(([kind, all]) =>
    Object.values(all).flatMap(({ name, environment, secrets }) =>
      Object.entries({ environment, secrets }).flatMap(([field, variables]) =>
        RESERVED.filter((variable) => variable in variables).map((variable) => ({
          ...{ at: `${kind}.${name}.${field}.${variable}`, got: variables[variable] },
          ...{ expected: 'no variable that the app sets itself', fix: 'leave it out, or take another name' },
        })),
      ),
    ),
  );

const innerServicesHavePorts: Check = (model) => {
  const inner = Object.values(model.services).flatMap(({ name, role }) => (role === 'inner' ? name : []));
  const most = MOST_INNER_SERVICES;
  if (inner.length <= most) return [];
  const expected = `at most ${most} inner web services, a port of the balancer for each`;
  return [{ at: 'services', got: inner, expected, fix: 'join some of them, or make them another system' }];
};

const internalNamesAreUnique: Check = ({ services }) => {
  const webs = Object.values(services).filter(({ kind }) => kind === 'web');
  return webs.flatMap(({ name, internalName }, i) => {
    const other = webs.slice(0, i).find((before) => before.internalName === internalName);
    const fix = `${other?.name} has it; name one of them otherwise`;
    return other ? [{ at: `services.${name}.internalName`, got: internalName, expected: 'each name once', fix }] : [];
  });
};

const queuesHaveOneService: Check = ({ services }) => {
  const all = Object.values(services).flatMap(({ name, queues }) => queues.map((queue) => ({ name, queue })));
  return all.flatMap(({ name, queue }, i) => {
    const other = all.slice(0, i).find((before) => before.queue === queue);
    const fix = `${other?.name} takes its jobs; drop one of them`;
    return other ? [{ at: `services.${name}.queues`, got: queue, expected: 'each queue once', fix }] : [];
  });
};

const tasksUseKnownStores: Check = ({ tasks, stores }) =>
  Object.values(tasks).flatMap(({ name, uses }) =>
    uses.flatMap((got) => {
      const expected = `one of ${Object.keys(stores).join(', ')}`;
      const fix = `add ${got} to stores, or drop it from uses`;
      return got in stores ? [] : [{ at: `tasks.${name}.uses`, got, expected, fix }];
    }),
  );

/** The certificate is proven, and the name is made, in that zone. */
const domainLiesInItsZone: Check = ({ env, domain, hostedZone: { name } }) => {
  if (domain === name || domain.endsWith(`.${name}`)) return [];
  const fix = 'name the public zone that the domain lies in';
  return [{ at: `envs.${env}.domain`, got: domain, expected: `${name} or a name below it`, fix }];
};

const recoveryIsElsewhere: Check = ({ env, region, recoveryRegion }) => {
  if (recoveryRegion !== region) return [];
  const expected = `another region than ${region}`;
  return [{ at: `envs.${env}.recoveryRegion`, got: recoveryRegion, expected, fix: 'name one that can fail by itself' }];
};

/** How the parts of a system hang together, and where it stands. */
export const WIRING_CHECKS: readonly Check[] = [
  reservedNamesAreOurs,
  innerServicesHavePorts,
  internalNamesAreUnique,
  queuesHaveOneService,
  tasksUseKnownStores,
  domainLiesInItsZone,
  recoveryIsElsewhere,
];

/** Two environments under one domain would take its users from each other with every deployment. */
export function sharedDomains({ envs }: SystemConfig): readonly Problem[] {
  const all = Object.entries(envs);
  return all.flatMap(([env, { domain }], i) => {
    const other = all.slice(0, i).find(([, before]) => before.domain === domain);
    const fix = `${other?.[0]} has it; give each its own`;
    return other ? [{ at: `envs.${env}.domain`, got: domain, expected: 'each domain once', fix }] : [];
  });
}

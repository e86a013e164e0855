import { FRONT_TEST_PORT, listenerPort, webServices } from './listeners';
import { restoredDatabases } from './restore-config';
import type { StoreConfig, SystemModel } from './system';

/** One permitted way: who opens a connection, to whom, on which TCP port. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Who stands on the network besides services and stores. */
export const BALANCER = 'balancer';
export const PROBER = 'prober';
export const TASKS = 'tasks';
/** Looks at databases that were restored for a test. */
export const VERIFIER = 'verifier';
export const INTERNET = 'internet';

/** Not the engines' well-known ports where there is a choice. */
export const POSTGRES_PORT = 5433;
export const CACHE_PORT = 6379;
const HTTPS = 443;

/**
 * Who may reach whom in the VPC: every security group rule comes from here, and there is no other.
 *
 * The CDN's way to the front is not among them: its security group exists only once the distribution does.
 */
export function waysOf(model: SystemModel): readonly Way[] {
  const { services, front } = model;
  const probed = model.rollout.kind === 'canary';
  return [
    ...(probed ? entrances(model) : []).map((port) => ({ from: PROBER, to: BALANCER, port })),
    ...webServices(model).map(({ name, port = 0 }) => ({ from: BALANCER, to: name, port })),
    ...Object.values(services).flatMap(({ name, calls, uses }) => [
      ...calls.filter((called) => called !== front).map((called) => toBalancer(model, name, called)),
      ...toStores(model, name, uses),
    ]),
    ...toStores(model, TASKS, [...new Set(Object.values(model.tasks).flatMap(({ uses }) => uses))]),
    ...toStores(model, VERIFIER, restoredDatabases(model)),
    ...outward(model).map((from) => ({ from, to: INTERNET, port: HTTPS })),
  ];
}

/** Every port of the balancer. The canary's own entrance exists only where there is a canary. */
export function entrances(model: SystemModel): readonly number[] {
  const ports = webServices(model).map(({ name }) => listenerPort(model, name));
  return model.rollout.kind === 'canary' ? [...ports, FRONT_TEST_PORT] : ports;
}

function toBalancer(model: SystemModel, from: string, called: string): Way {
  return { from, to: BALANCER, port: listenerPort(model, called) };
}

function toStores({ stores }: SystemModel, from: string, uses: readonly string[]): readonly Way[] {
  return uses.flatMap((store) => {
    const port = portOf(stores[store]);
    return port ? [{ from, to: store, port }] : [];
  });
}

function portOf(store: StoreConfig | undefined): number | undefined {
  if (store?.kind === 'postgres') return POSTGRES_PORT;
  return store?.kind === 'cache' ? CACHE_PORT : undefined;
}

/** AWS's APIs and, for AI, its vendor; a cache in a container fetches its image. */
function outward({ services, stores, tier, rollout }: SystemModel): readonly string[] {
  const caches = Object.entries(stores).filter(([, { kind }]) => kind === 'cache' && tier.cache.kind === 'task');
  const prober = rollout.kind === 'canary' ? [PROBER] : [];
  return [...Object.keys(services), ...prober, TASKS, ...caches.map(([name]) => name)];
}

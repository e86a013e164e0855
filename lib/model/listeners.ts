import type { Service, SystemModel } from './system';

/** Port on which the CDN reaches the front service. */
export const FRONT_PORT = 443;

/** Port of the front's test rule: the canary's own entrance, which only the prober reaches. */
export const FRONT_TEST_PORT = 10_443;

/** One port of the balancer for each inner service, in the order they are written; never moved once deployed. */
const INNER_PORTS = [8443, 9443, 11_443, 12_443, 13_443] as const;

export const MOST_INNER_SERVICES = INNER_PORTS.length;

type Parts = Pick<SystemModel, 'services' | 'domain'>;

export function webServices({ services }: Pick<SystemModel, 'services'>): readonly Service[] {
  return Object.values(services).filter(({ kind }) => kind === 'web');
}

export function innerServices(model: Pick<SystemModel, 'services'>): readonly Service[] {
  return webServices(model).filter(({ role }) => role === 'inner');
}

/** Port of the balancer behind which a web service stands. */
export function listenerPort(model: Pick<SystemModel, 'services'>, service: string): number {
  const place = innerServices(model).findIndex(({ name }) => name === service);
  return place < 0 ? FRONT_PORT : INNER_PORTS[place]!;
}

/** Private zone; under the public domain, as no public authority signs a bare `.internal`. */
export function internalZone({ domain }: Pick<SystemModel, 'domain'>): string {
  return `internal.${domain}`;
}

/** Where a web service is reached from inside, e.g. `https://api.internal.app.example.com:8443`. */
export function entranceUrl(model: Parts, service: string): string {
  const host = `${model.services[service]?.internalName}.${internalZone(model)}`;
  const port = listenerPort(model, service);
  return port === FRONT_PORT ? `https://${host}` : `https://${host}:${port}`;
}

/** The canary's own entrance to the front service. */
export function testUrl(model: Parts & Pick<SystemModel, 'front'>): string {
  return `${entranceUrl(model, model.front)}:${FRONT_TEST_PORT}`;
}

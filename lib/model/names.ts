import type { EnvName } from './system';

/** Which system in which environment. */
export interface Place {
  readonly name: string;
  readonly env: EnvName;
}

export function stackName({ name, env }: Place, part: string): string {
  return `${name}-${env}-${part}`;
}

/** SSM parameter that says who is canary: a JSON pointer, or `none`. */
export function pointerParameter({ name, env }: Place): string {
  return `/${name}/${env}/release/canary`;
}

/** CloudWatch namespace of everything the release path publishes. */
export function metricNamespace({ name, env }: Place): string {
  return `${name}/${env}/release`;
}

/** Name in Secrets Manager; policies are scoped by the prefix. */
export function secretName({ name, env }: Place, secret: string): string {
  return `${name}/${env}/${secret}`;
}

/** Alias of the key that signs tokens, without `alias/`. */
export function signingKeyAlias({ name, env }: Place): string {
  return `${name}/${env}/tokens`;
}

/** Cluster, and with a part behind it the functions and services whose names others must know beforehand. */
export function physicalName({ name, env }: Place, part?: string): string {
  return [name, env, part].filter(Boolean).join('-');
}

/** Namespace of what the services themselves measure. */
export function serviceNamespace({ name, env }: Place): string {
  return `${name}/${env}/services`;
}

/** Namespace of what restore tests measure. */
export function recoveryNamespace({ name, env }: Place): string {
  return `${name}/${env}/recovery`;
}

/** Name in ECS of the small service that runs a release's workers while it is judged. */
export function canaryWorkersName(worker: string): string {
  return `${worker}-canary`;
}

/** For what must be named and is named for the whole world, as buckets are. */
export function globalName(place: Place & { readonly account: string; readonly region: string }, part: string): string {
  return physicalName(place, `${part}-${place.account}-${place.region}`);
}

import { physicalName } from './names';
import type { EnvName } from './system';

/** What an environment does for its pipeline, each a state machine. */
export type Machine = 'stages' | 'backup' | 'migrate' | 'reseed' | 'take-back' | 'masked-copy' | 'masked-data';

interface Named {
  readonly name: string;
}

interface Placed extends Named {
  readonly env: EnvName;
}

/** Stack, buckets and keys of the account where the pipelines live. */
export function toolsName({ name }: Named, part: string): string {
  return `${name}-tools-${part}`;
}

export function pipelineName({ name, env }: Placed): string {
  return `${name}-${env}`;
}

/** Role that a pipeline runs as; an environment lets nobody else in. */
export function pipelineRoleName({ name, env }: Placed): string {
  return toolsName({ name }, `${env}-pipeline`);
}

/** Role of an environment that its pipeline takes on. */
export function deliveryRoleName(place: Placed): string {
  return physicalName(place, 'delivery');
}

export function machineName(place: Placed, machine: Machine): string {
  return physicalName(place, `delivery-${machine}`);
}

export function artifactBucketName(system: Named, { account, region }: { account: string; region: string }): string {
  return toolsName(system, `artifacts-${account}-${region}`);
}

/** Event bus on which an environment hears of its pipeline. */
export function deliveryBusName(place: Placed): string {
  return physicalName(place, 'delivery');
}

/** Without `alias/`. The key of artifacts, and the one that signs images. */
export function toolsKeyAlias({ name }: Named, key: 'artifacts' | 'images'): string {
  return `${name}/tools/${key}`;
}

/** Roles that `cdk bootstrap` leaves in an account. */
export function bootstrapRoleArn(
  role: 'deploy' | 'lookup' | 'cfn-exec' | 'file-publishing',
  place: BootstrapPlace,
): string {
  const { account, region } = place;
  return `arn:aws:iam::${account}:role/cdk-hnb659fds-${role}-role-${account}-${region}`;
}

interface BootstrapPlace {
  readonly account: string;
  readonly region: string;
}

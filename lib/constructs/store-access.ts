import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** What a container is told, and allowed, so that it can use a store. */
export interface StoreAccess {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Rights of the container's own role, where the store asks for them. */
  grant?(role: IRole): void;
}

import type { Target } from '../router/target-group';

/** One version of a service's definition: what ECS calls a service revision. */
export interface Revision {
  readonly arn: string;
  readonly service: string;
  readonly release: string;
  readonly digests: readonly string[];
}

/** One running copy of a revision. */
export interface Task {
  /** Undefined for a worker, which nobody calls. */
  readonly target?: Target;
  /** Resolves with how it ended, for people. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts a task. Resolves when it is healthy; rejects when it ends, or stays unhealthy, before. */
export type StartTask = (revision: Revision) => Promise<Task>;

const ACCOUNT = 'arn:aws:ecs:local:000000000000';

/** An ARN of the rehearsal's one cluster. */
export function arnOf(
  kind: 'service' | 'service-revision' | 'service-deployment',
  ...names: readonly string[]
): string {
  return `${ACCOUNT}:${kind}/rehearsal/${names.join('/')}`;
}

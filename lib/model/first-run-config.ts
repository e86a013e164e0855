/** What the function must know that runs an environment's first tasks, in the one variable it reads. */
export interface FirstRunConfig {
  readonly cluster: string;
  readonly subnets: readonly string[];
  /** Id of the security group that tasks run in. */
  readonly group: string;
  /** Families of the tasks, in the order in which they run. */
  readonly families: readonly string[];
}

export const FIRST_RUN_VARIABLES = {
  /** A {@link FirstRunConfig} as JSON. */
  config: 'FIRST_RUN_CONFIG',
} as const;

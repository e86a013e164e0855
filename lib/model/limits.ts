/** Memory sizes in MiB that Fargate takes with each CPU size. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
export const FARGATE_MEMORY_MIB: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1, 4),
  1024: steps(2, 8),
  2048: steps(4, 16),
  4096: steps(8, 30),
};

/** Share of traffic that ECS gives a canary, in percent. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html */
export const CANARY_PERCENT = { least: 0.1, most: 100 } as const;

/** CloudFormation refuses a service whose bakes add up to more. Minutes. @see the page above */
export const MOST_BAKE_MINUTES = 33 * 60;

/** Read replicas of one RDS for PostgreSQL instance. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html */
export const MOST_READ_REPLICAS = 15;

/** Replicas in one ElastiCache node group. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html */
export const MOST_CACHE_REPLICAS = 5;

/** Memory in GiB of the database instances that prices are known for. @see https://aws.amazon.com/rds/instance-types/ */
export const DATABASE_MEMORY_GIB: Readonly<Record<string, number>> = {
  't4g.micro': 1,
  't4g.small': 2,
  't4g.medium': 4,
  'm7g.large': 8,
};

/** Bytes of memory for each connection in RDS for PostgreSQL's default `max_connections`. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
export const BYTES_PER_CONNECTION = 9_531_392;

/** Connections a database keeps back: superuser, replication, RDS's own. */
export const RESERVED_CONNECTIONS = 6;

function steps(fromGiB: number, toGiB: number): readonly number[] {
  return Array.from({ length: toGiB - fromGiB + 1 }, (_, i) => (fromGiB + i) * 1024);
}

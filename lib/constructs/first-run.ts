import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FIRST_RUN_VARIABLES } from '../model/first-run-config';
import { acknowledge } from './acknowledge';
import { NodeFunction } from './node-function';

export interface FirstRunProps {
  readonly cluster: string;
  readonly subnets: readonly string[];
  /** Id of the security group that tasks run in. */
  readonly group: string;
  /** In the order in which they run; one may run twice. */
  readonly tasks: readonly FargateTaskDefinition[];
  readonly key: IKey;
  readonly logDays: RetentionDays;
}

/** The longest that a function may run. */
const TIMEOUT = Duration.minutes(15);

/**
 * Runs tasks once, when their stack is made, so that what comes after it finds a database with roles, schema and accounts.
 *
 * @see docs/adr/0009-the-first-deploy-makes-the-first-schema.md
 */
export class FirstRun extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FirstRunProps,
  ) {
    super(scope, id);
    const { cluster, subnets, group, tasks, key, logDays } = props;
    const families = tasks.map(({ family }) => family);
    const config = Stack.of(this).toJsonString({ cluster, subnets, group, families });
    const handler = new NodeFunction(this, 'Handler', {
      ...{ file: 'schema/first-run.lambda.ts', key, logDays, timeout: TIMEOUT, memoryMiB: 256, retryAttempts: 0 },
      description: `Runs the first tasks of ${cluster} when their stack is made`,
      environment: { [FIRST_RUN_VARIABLES.config]: config },
    });
    this.letRunTasks(handler);
    const once = new CustomResource(this, 'Once', {
      ...{ serviceToken: handler.functionArn, resourceType: 'Custom::FirstRun', serviceTimeout: TIMEOUT },
    });
    once.node.addDependency(handler, ...tasks);
  }

  private letRunTasks(handler: NodeFunction): void {
    const { cluster, tasks } = this.props;
    const ecs = (resource: string) => Stack.of(this).formatArn({ service: 'ecs', resource });
    const unique = [...new Set(tasks)];
    const revisions = unique.map(({ family }) => ecs(`task-definition/${family}:*`));
    const running = ecs(`task/${cluster}/*`);
    const roles = unique.flatMap(({ taskRole, executionRole }) => [taskRole.roleArn, executionRole!.roleArn]);
    const allow = (actions: string[], resources: string[]) =>
      handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(['ecs:RunTask'], revisions);
    allow(['ecs:DescribeTasks'], [running]);
    allow(['iam:PassRole'], roles);
    acknowledge(handler, {
      ids: [...revisions, running].map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`),
      why: 'Revisions are numbered when they are registered, and tasks are named when they run.',
      instead: 'the families are named, and the cluster; and it runs when the stack is made, at no other time.',
      again: 'when CloudFormation can run a task.',
    });
  }
}

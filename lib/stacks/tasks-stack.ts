import { Stack, type StackProps } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, type FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { rolesSql } from '../constructs/database-roles';
import { FirstRun } from '../constructs/first-run';
import { retention } from '../constructs/retention';
import { ServiceTask } from '../constructs/service-task';
import { physicalName } from '../model/names';
import { TASKS } from '../model/reach';
import type { Task } from '../model/system';
import type { Ground } from './services';

export interface TasksStackProps extends StackProps, Ground {}

const SIZE = { cpu: 256, memoryMiB: 512 };

/** Has psql and nothing of ours. */
const PSQL_IMAGE = 'public.ecr.aws/docker/library/postgres:18-alpine';

/** Containers that run once: the database's roles, migrations, seeds. The first time they run by themselves, then the pipeline or a person starts them. */
export class TasksStack extends Stack {
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TasksStackProps,
  ) {
    super(scope, id, props);
    const { keys, model, data } = props;
    this.key = Key.fromKeyArn(this, 'Key', keys.key.keyArn);
    const tasks = new Map(Object.values(model.tasks).map((task) => [task.name, this.define(task)]));
    const roles = [...data.databases.keys()].map((database) => this.defineRoles(database));
    const once = ['migrate', 'seed'].map((name) => tasks.get(name)).filter((task) => task !== undefined);
    const [migrate, ...others] = once;
    // roles again, now that the tables are there that the probe's role is limited to
    if (migrate) this.runFirst([...roles, migrate, ...roles, ...others]);
  }

  private runFirst(tasks: readonly FargateTaskDefinition[]): void {
    const { model, network } = this.props;
    const { subnetIds: subnets } = network.network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    new FirstRun(this, 'FirstRun', {
      ...{ cluster: physicalName(model), subnets, group: network.reach.of(this, TASKS).securityGroupId, tasks },
      ...{ key: this.key, logDays: retention(model.tier.logDays) },
    });
  }

  private define({ name, image, command, uses, environment, secrets }: Task): FargateTaskDefinition {
    const { model, images, data } = this.props;
    const { definition } = new ServiceTask(this, name, {
      ...images.of(this, image),
      ...{
        name,
        family: physicalName(model, name),
        command,
        environment,
        size: SIZE,
        key: this.key,
        secrets: data.secretsOf(secrets),
      },
      stores: uses.map((store) => data.access(store, 'migrator')),
      logDays: retention(model.tier.logDays),
    });
    return definition;
  }

  private defineRoles(database: string): FargateTaskDefinition {
    const { model, data } = this.props;
    const name = `${database}-roles`;
    const { definition } = new ServiceTask(this, name, {
      ...{ name, family: physicalName(model, name), release: 'none', size: SIZE, key: this.key },
      image: ContainerImage.fromRegistry(PSQL_IMAGE),
      command: ['sh', '-c', PSQL],
      environment: { SQL: rolesSql() },
      ...{ secrets: {}, stores: [data.databases.get(database)!.masterAccess()] },
      logDays: retention(model.tier.logDays),
    });
    return definition;
  }
}

const PSQL = 'printf "%s\\n" "$SQL" | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1';

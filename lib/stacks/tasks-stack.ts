import { Stack, type StackProps } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { rolesSql } from '../constructs/database-roles';
import { retention } from '../constructs/retention';
import { ServiceTask } from '../constructs/service-task';
import { physicalName } from '../model/names';
import type { Task } from '../model/system';
import type { Ground } from './services';

export interface TasksStackProps extends StackProps, Ground {}

const SIZE = { cpu: 256, memoryMiB: 512 };

/** Has psql and nothing of ours. */
const PSQL_IMAGE = 'public.ecr.aws/docker/library/postgres:18-alpine';

/** Containers that run once: the database's roles, migrations, seeds. The pipeline or a person starts them. */
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
    for (const task of Object.values(model.tasks)) this.define(task);
    for (const database of data.databases.keys()) this.defineRoles(database);
  }

  private define({ name, image, command, uses, environment, secrets }: Task): void {
    const { model, images, data } = this.props;
    new ServiceTask(this, name, {
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
  }

  private defineRoles(database: string): void {
    const { model, data } = this.props;
    const name = `${database}-roles`;
    new ServiceTask(this, name, {
      ...{ name, family: physicalName(model, name), release: 'none', size: SIZE, key: this.key },
      image: ContainerImage.fromRegistry(PSQL_IMAGE),
      command: ['sh', '-c', PSQL],
      environment: { SQL: rolesSql() },
      ...{ secrets: {}, stores: [data.databases.get(database)!.masterAccess()] },
      logDays: retention(model.tier.logDays),
    });
  }
}

const PSQL = 'printf "%s\\n" "$SQL" | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1';

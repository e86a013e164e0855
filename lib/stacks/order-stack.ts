import { Stack, type StackProps } from 'aws-cdk-lib';
import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { rolesSql } from '../constructs/database-roles';
import { DeliveryRole } from '../constructs/delivery/delivery-role';
import { FailedStages } from '../constructs/delivery/failed-stages';
import { MaskedArrival } from '../constructs/delivery/masked-arrival';
import { MaskedCopy, type MaskedCopyProps } from '../constructs/delivery/masked-copy';
import {
  backupDefinition,
  migrateDefinition,
  type Reseeding,
  reseedDefinition,
  stagesDefinition,
  type TaskPlace,
  takeBackDefinition,
} from '../constructs/delivery/order-definitions';
import { OrderFunction } from '../constructs/delivery/order-function';
import { type Definition, OrderMachine, type OrderMachineProps } from '../constructs/delivery/order-machine';
import { quietAlarm } from '../constructs/delivery/quiet-alarm';
import { logRequests } from '../constructs/log-bucket';
import { Reachability } from '../constructs/reachability';
import { retention } from '../constructs/retention';
import type { StoreAccess } from '../constructs/store-access';
import { type Machine, machineName } from '../model/delivery-names';
import { databaseOf, MASKING_WAYS, type MaskedData } from '../model/masked-data';
import { physicalName, stackName } from '../model/names';
import { deploymentAlarms, orderConfigFor } from '../model/order-config';
import { TASKS } from '../model/reach';
import type { SystemModel } from '../model/system';
import type { DataStack } from './data-stack';
import type { GateStack } from './gate-stack';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface OrderStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  readonly gate: GateStack;
  readonly data: DataStack;
}

/** What an environment does for its pipeline, with rights of its own: the pipeline may ask for these things, and for nothing else. */
export class OrderStack extends Stack {
  private readonly key: IKey;
  private readonly order: OrderFunction;
  private readonly tasksGroup: ISecurityGroup;
  private readonly machines: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderStackProps,
  ) {
    super(scope, id, props);
    const { model, keys, gate, network } = props;
    const tools = model.registry!.account; // no delivery resolves without one
    this.key = Key.fromKeyArn(this, 'Key', keys.key.keyArn);
    this.tasksGroup = network.reach.of(this, TASKS);
    this.order = new OrderFunction(this, 'Order', {
      ...{ config: orderConfigFor(model), functionName: physicalName(model, 'order'), key: this.key },
      notices: Topic.fromTopicArn(this, 'Notices', gate.notices.topicArn),
      logDays: retention(model.tier.logDays),
    });
    this.define('stages', stagesDefinition(this.order.arn), []);
    this.defineBackups();
    this.defineTasks();
    const alarms = deploymentAlarms(model);
    if (alarms.length > 0) quietAlarm(this, { name: physicalName(model, 'release-any'), alarms });
    this.defineWayBack(tools);
    if (model.maskedData) this.defineMaskedData(model.maskedData);
    new DeliveryRole(this, 'Delivery', { model, tools, machines: this.machines, key: keys.key.keyArn });
  }

  /** A machine that the pipeline may start. */
  private define(machine: Machine, definition: Definition, allow: OrderMachineProps['allow']): void {
    this.machine(machine, definition, allow);
    this.machines.push(machineName(this.props.model, machine));
  }

  private machine(machine: Machine, definition: Definition, allow: OrderMachineProps['allow']): OrderMachine {
    const { model } = this.props;
    const call = { actions: ['lambda:InvokeFunction'], resources: [this.order.arn] };
    const calls = JSON.stringify(definition).includes('lambda:invoke');
    return new OrderMachine(this, machine, {
      ...{ machineName: machineName(model, machine), definition, key: this.key },
      ...{ logDays: retention(model.tier.logDays), allow: calls ? [call, ...allow] : allow },
    });
  }

  /** Started by a failure, and by nobody else. */
  private defineWayBack(tools: string): void {
    const { model, gate } = this.props;
    const { topicArn } = gate.notices;
    const { machine } = this.machine('take-back', takeBackDefinition(this.order.arn, topicArn), [
      { actions: ['sns:Publish'], resources: [topicArn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] },
    ]);
    new FailedStages(this, 'FailedStages', { pipeline: { ...model, account: tools }, machine });
  }

  /** Where data is kept, a snapshot of each database before a release changes it. */
  private defineBackups(): void {
    const { model } = this.props;
    const database = databaseOf(model);
    if (!model.tier.retain || database === undefined) return;
    const instance = physicalName(model, database);
    const prefix = physicalName(model, 'release');
    const rds = (type: string, name: string) => this.formatArn({ service: 'rds', resource: `${type}:${name}` });
    this.define('backup', backupDefinition(this.order.arn, instance, prefix), [
      {
        actions: ['rds:CreateDBSnapshot', 'rds:AddTagsToResource'],
        resources: [rds('db', instance), rds('snapshot', `${prefix}-*`)],
      },
      { actions: ['rds:DescribeDBSnapshots'], resources: [rds('db', instance), rds('snapshot', `${prefix}-*`)] },
    ]);
  }

  private defineTasks(): void {
    const { model } = this.props;
    const { tasks, rollout } = model;
    const family = (task: string) => physicalName(model, task);
    const { place } = this;
    if (tasks.migrate)
      this.define('migrate', migrateDefinition(this.order.arn, family('migrate'), place), this.mayRun(['migrate']));
    const anew = rollout.kind === 'all-at-once' ? reseeding(model) : [];
    if (anew.length > 0)
      this.define('reseed', reseedDefinition(anew, place), this.mayRun(anew.map(({ container }) => container)));
  }

  /** An environment in its second region has another name, and neither gives nor takes. */
  private defineMaskedData(maskedData: MaskedData): void {
    const { model, network, gate, data } = this.props;
    const { vpc } = network.network;
    const logDays = retention(model.tier.logDays);
    const common = { model, maskedData, vpc, key: this.key, topicArn: gate.notices.topicArn, logDays };
    const database = databaseOf(model);
    if (database === undefined) return;
    if (maskedData.from.env === model.env) {
      const reach = new Reachability(this, 'MaskingReach', { vpc, ways: MASKING_WAYS });
      new MaskedCopy(this, 'MaskedCopy', { ...common, group: (scope, name) => reach.of(scope, name) });
    }
    if (maskedData.to.env === model.env) this.defineArrival(common, data.access(database, 'migrator'));
  }

  private defineArrival(common: Omit<MaskedCopyProps, 'group'>, database: StoreAccess): void {
    const { model, network } = this.props;
    const seed = { family: physicalName(model, 'seed'), place: this.place, allow: this.mayRun(['seed']) };
    const { bucket } = new MaskedArrival(this, 'MaskedArrival', {
      ...{ ...common, group: this.tasksGroup, seed: model.tasks.seed && seed },
      databaseUrl: database.environment.DATABASE_URL!,
      grantDatabase: (role) => database.grant?.(role),
    });
    logRequests(bucket, network.logs.bucket.bucketName, 'masked');
  }

  private get place(): TaskPlace {
    const { network, model } = this.props;
    const { subnetIds } = network.network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    return { cluster: physicalName(model), subnets: subnetIds, group: this.tasksGroup.securityGroupId };
  }

  /** Run tasks of these families to their end, and hand them the roles they run as. */
  private mayRun(tasks: readonly string[]): OrderMachineProps['allow'] {
    const { model } = this.props;
    const ecs = (resource: string) => this.formatArn({ service: 'ecs', resource });
    const rule = 'rule/StepFunctionsGetEventsForECSTaskRule';
    return [
      {
        actions: ['ecs:RunTask'],
        resources: tasks.map((task) => ecs(`task-definition/${physicalName(model, task)}:*`)),
      },
      { actions: ['ecs:StopTask', 'ecs:DescribeTasks'], resources: [ecs(`task/${physicalName(model)}/*`)] },
      {
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [this.formatArn({ service: 'events', resource: rule })],
      },
      {
        actions: ['iam:PassRole'],
        resources: [this.formatArn({ service: 'iam', region: '', resource: `role/${stackName(model, 'tasks')}-*` })],
      },
    ];
  }
}

/** Throws everything away; only for an environment whose data is made for tests. */
const FROM_NOTHING = 'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;';

function reseeding(model: SystemModel): readonly Reseeding[] {
  const database = databaseOf(model);
  if (database === undefined || model.tier.retain) return [];
  const roles = `${database}-roles`;
  const SQL = `${FROM_NOTHING} ${rolesSql().replaceAll('\n', ' ')}`;
  const task = (container: string, environment = {}) => ({
    ...{ family: physicalName(model, container), container, environment },
  });
  return [task(roles, { SQL }), ...['migrate', 'seed'].filter((name) => model.tasks[name]).map((name) => task(name))];
}

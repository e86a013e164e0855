import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Accepted, acknowledge, OWN_POLICY } from '../acknowledge';
import { wildcards } from './wildcards';

/** A state machine in Amazon States Language, with JSONata. @see https://states-language.net */
export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly TimeoutSeconds: number;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, object>>;
}

export interface OrderMachineProps {
  readonly machineName: string;
  readonly definition: Definition;
  readonly key: IKey;
  readonly logDays: RetentionDays;
  /** What its states call, and on what. */
  readonly allow: readonly MachineRight[];
}

export interface MachineRight {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, object>>;
}

const WRITES_LOG: Accepted = {
  ids: ['AwsSolutions-IAM5[Resource::*]'],
  why: "CDK's grants for delivering a state machine's log and its traces know no resource.",
  instead: 'every other right names what it is for.',
  again: 'when the delivery of logs takes resources.',
};

const NAMED_LATER: Omit<Accepted, 'ids'> = {
  why: 'Revisions, tasks and snapshots get their names at run time, and the roles of tasks theirs from CloudFormation.',
  instead:
    'the family, the cluster, the prefix or the stack stands before the wildcard, and the actions are those of its states.',
  again: 'when these names can be known beforehand.',
};

/** What an environment does for its pipeline when a function could not wait for it. */
export class OrderMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { machineName, definition, key, logDays, allow }: OrderMachineProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    for (const { actions, resources, conditions } of allow)
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
    this.machine = new StateMachine(this, 'Machine', {
      ...{ stateMachineName: machineName, role, tracingEnabled: true },
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      logs: {
        ...{ level: LogLevel.ALL, includeExecutionData: true },
        destination: new LogGroup(this, 'Log', {
          ...{ logGroupName: `/aws/vendedlogs/states/${machineName}`, encryptionKey: key, retention: logDays },
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    const resources = allow.flatMap((right) => right.resources);
    acknowledge(this, OWN_POLICY, WRITES_LOG, wildcards(resources, NAMED_LATER));
  }
}

/** Calls of AWS that may be refused for a moment. */
export const RETRY = [
  {
    ErrorEquals: ['States.TaskFailed'],
    ...{ IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 4, JitterStrategy: 'FULL' },
  },
];

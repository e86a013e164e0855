import { Duration, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { artifactBucketName, deliveryRoleName, pipelineRoleName, toolsKeyAlias } from '../../model/delivery-names';
import { globalName } from '../../model/names';
import type { SystemModel } from '../../model/system';
import { type Accepted, acknowledge, OWN_POLICY } from '../acknowledge';
import { wildcards } from './wildcards';

export interface DeliveryRoleProps {
  readonly model: SystemModel;
  /** Account of the pipelines. */
  readonly tools: string;
  /** Names of the state machines that the pipeline starts. */
  readonly machines: readonly string[];
  /** ARN of the environment's key. */
  readonly key: string;
}

/** What one pipeline may do here besides deploying stacks: start these machines, look at alarms, lay a release down in the ledger. */
export class DeliveryRole extends Construct {
  private readonly role: Role;
  private readonly resources: string[] = [];

  constructor(scope: Construct, id: string, { model, tools, machines, key }: DeliveryRoleProps) {
    super(scope, id);
    const pipeline = `arn:aws:iam::${tools}:role/${pipelineRoleName(model)}`;
    this.role = new Role(this, 'Role', {
      roleName: deliveryRoleName(model),
      description: `Taken on by the pipeline of ${model.name}/${model.env}`,
      assumedBy: new AccountPrincipal(tools).withConditions({ ArnEquals: { 'aws:PrincipalArn': pipeline } }),
      maxSessionDuration: Duration.hours(1),
    });
    this.grantMachines(machines);
    this.allow(['cloudwatch:DescribeAlarms'], '*');
    this.grantLedger(model, key);
    this.grantArtifacts(model, tools);
    acknowledge(this.role, OWN_POLICY, wildcards(this.resources, NARROW));
  }

  private grantMachines(machines: readonly string[]): void {
    const states = (resource: string) => Stack.of(this).formatArn({ service: 'states', resource });
    this.allow(
      ['states:StartExecution', 'states:DescribeStateMachine'],
      ...machines.map((name) => states(`stateMachine:${name}`)),
    );
    this.allow(['states:DescribeExecution'], ...machines.map((name) => states(`execution:${name}:*`)));
  }

  /** Write what a build made of a release; it can read nothing there, and remove nothing. */
  private grantLedger(model: SystemModel, key: string): void {
    const ledger = `arn:aws:s3:::${globalName(model, 'ledger')}`;
    this.allow(['s3:PutObject'], `${ledger}/releases/*`);
    this.allow(['s3:GetBucketVersioning', 's3:ListBucket'], ledger);
    this.allow(['kms:GenerateDataKey', 'kms:Decrypt'], key);
  }

  private grantArtifacts(model: SystemModel, account: string): void {
    const { region } = model.registry!;
    const bucket = `arn:aws:s3:::${artifactBucketName(model, { account, region })}`;
    this.allow(['s3:GetObject', 's3:GetObjectVersion'], `${bucket}/*`);
    const keys = `arn:aws:kms:${region}:${account}:key/*`;
    this.resources.push(keys);
    this.role.addToPolicy(
      new PolicyStatement({
        ...{ actions: ['kms:Decrypt'], resources: [keys] },
        conditions: {
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${toolsKeyAlias(model, 'artifacts')}` },
        },
      }),
    );
  }

  private allow(actions: string[], ...resources: string[]): void {
    this.resources.push(...resources);
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }
}

const NARROW: Omit<Accepted, 'ids'> = {
  why: 'Executions, releases and artifacts each have a name of their own, the key is known by its alias, and looking at alarms knows no resource.',
  instead: 'one pipeline may take the role on; it starts named machines, writes below releases/ and reads one bucket.',
  again: 'when a pipeline asks for more.',
};

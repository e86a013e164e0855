import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { RESTORE_VARIABLES, type RestoreConfig } from '../model/restore-config';
import { acknowledge } from './acknowledge';
import { type MachineRight, OrderMachine } from './delivery/order-machine';
import { NodeFunction } from './node-function';
import { restoreCheckDefinition } from './restore-check-definition';

export interface RestoreCheckProps {
  /** Of the function and of the state machine. */
  readonly name: string;
  /** Plan by which the database's restore is tested. */
  readonly plan: string;
  readonly config: RestoreConfig;
  readonly vpc: IVpc;
  /** Security group from which the databases may be reached. */
  readonly group: ISecurityGroup;
  readonly key: IKey;
  readonly logDays: RetentionDays;
  readonly metricNamespace: string;
}

/** Where Lambda keeps the authorities behind RDS's certificates. @see https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html */
const RDS_AUTHORITIES = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };
/** AWS Backup names what a restore test makes, and takes it away afterwards. */
const RESTORED = 'awsbackup-restore-test-*';

/** Looks into each database that a restore test has made, before AWS Backup throws it away: a backup that nobody has read is a hope. */
export class RestoreCheck extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RestoreCheckProps,
  ) {
    super(scope, id);
    const { name, plan, key, logDays, metricNamespace: namespace } = props;
    const { functionArn: look } = this.defineLook();
    const { machine } = new OrderMachine(this, 'Machine', {
      ...{ machineName: name, key, logDays, definition: restoreCheckDefinition({ look, namespace }) },
      allow: this.rights(look),
    });
    new Rule(this, 'Restored', {
      description: 'A restore test has made a database',
      eventPattern: {
        ...{ source: ['aws.backup'], detailType: ['Restore Job State Change'] },
        detail: {
          status: ['COMPLETED'],
          resourceType: ['RDS'],
          restoreTestingPlanArn: [{ prefix: `${this.named('backup', `restore-testing-plan:${plan}`)}-` }],
        },
      },
      targets: [new SfnStateMachine(machine)],
    });
  }

  private defineLook(): NodeFunction {
    const { name, config, vpc, group, key, logDays } = this.props;
    const look = new NodeFunction(this, 'Look', {
      ...{ file: 'recovery/restore.lambda.ts', functionName: name, key, logDays, memoryMiB: 256 },
      ...{ timeout: Duration.minutes(10), retryAttempts: 0, inside: { vpc, group } },
      description: 'Looks at a restored database as a role that only reads',
      environment: { ...RDS_AUTHORITIES, [RESTORE_VARIABLES.config]: JSON.stringify(config) },
    });
    const role = this.named('rds-db', 'dbuser:*/backup_verify');
    look.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: [role] }));
    acknowledge(look, {
      ids: [`AwsSolutions-IAM5[Resource::${role}]`],
      why: 'A restored database gets its id when it is restored.',
      instead: 'the role reads and nothing else, and the function reaches the databases alone, by its security group.',
      again: 'when RDS lets a role be bound to an instance by its name.',
    });
    return look;
  }

  private rights(look: string): readonly MachineRight[] {
    const { metricNamespace } = this.props;
    return [
      { actions: ['rds:DescribeDBInstances'], resources: [this.named('rds', `db:${RESTORED}`)] },
      { actions: ['lambda:InvokeFunction'], resources: [look] },
      {
        ...{ actions: ['cloudwatch:PutMetricData'], resources: ['*'] },
        conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespace } },
      },
      // knows restore jobs by no name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
      { actions: ['backup:PutRestoreValidationResult'], resources: ['*'] },
    ];
  }

  private named(service: string, resource: string): string {
    return Stack.of(this).formatArn({ service, resource });
  }
}

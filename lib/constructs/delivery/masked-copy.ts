import { Duration, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { SubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { databaseSize } from '../../model/database-size';
import { machineName } from '../../model/delivery-names';
import {
  databaseOf,
  MASKED_COPY,
  MASKED_DATA_VARIABLES,
  MASKING,
  type MaskedData,
  type MaskingConfig,
  maskedBucketName,
  maskedKeyAlias,
} from '../../model/masked-data';
import { physicalName } from '../../model/names';
import { POSTGRES_PORT } from '../../model/reach';
import type { SystemModel } from '../../model/system';
import { acknowledge } from '../acknowledge';
import { NodeFunction } from '../node-function';
import { maskedCopyDefinition } from './masked-copy-definition';
import { type MachineRight, OrderMachine } from './order-machine';

export interface MaskedCopyProps {
  readonly model: SystemModel;
  readonly maskedData: MaskedData;
  readonly vpc: IVpc;
  /** The environment's own. */
  readonly key: IKey;
  readonly topicArn: string;
  readonly logDays: RetentionDays;
  /** Security group of a name. */
  group(scope: Construct, name: string): ISecurityGroup;
}

/** As long as a function may live: what takes longer fails, and nothing is handed over. */
const TIMEOUT = Duration.minutes(15);
/** Where Lambda keeps the authorities behind RDS's certificates. @see https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html */
export const RDS_AUTHORITIES = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };

/** A copy of an environment's newest snapshot, that nobody but one function reaches; it masks the copy, hands out its rows, and the copy ends. */
export class MaskedCopy extends Construct {
  private readonly copy: string;
  private readonly instance: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MaskedCopyProps,
  ) {
    super(scope, id);
    const { model, maskedData, vpc } = props;
    this.copy = physicalName(model, MASKED_COPY);
    this.instance = physicalName(model, databaseOf(model)!);
    const subnets = new SubnetGroup(this, 'Subnets', {
      ...{ vpc, description: this.copy, subnetGroupName: this.copy },
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    });
    const masking = this.defineMasking();
    const { machine } = new OrderMachine(this, 'Machine', {
      ...{ machineName: machineName(model, 'masked-copy'), key: props.key, logDays: props.logDays },
      definition: maskedCopyDefinition({
        ...{ instance: this.instance, copy: this.copy, port: POSTGRES_PORT, subnetGroup: subnets.subnetGroupName },
        instanceClass: `db.${databaseSize(model, databaseOf(model)!).instance}`,
        group: props.group(this, MASKED_COPY).securityGroupId,
        ...{ masking: masking.functionArn, topic: props.topicArn },
      }),
      allow: this.rights(masking.functionArn),
    });
    if (maskedData.cron)
      new Rule(this, 'When', {
        description: `Masked data for ${maskedData.to.env}`,
        schedule: Schedule.expression(`cron(${maskedData.cron})`),
        targets: [new SfnStateMachine(machine)],
      });
  }

  private defineMasking(): NodeFunction {
    const { model, maskedData, key, vpc } = this.props;
    const config: MaskingConfig = {
      columns: maskedData.columns,
      bucket: maskedBucketName(maskedData),
      database: model.name,
    };
    const masking = new NodeFunction(this, 'Masking', {
      ...{ file: 'delivery/masking.lambda.ts', functionName: physicalName(model, MASKING), key, timeout: TIMEOUT },
      ...{ memoryMiB: 1024, logDays: this.props.logDays, retryAttempts: 0 },
      description: 'Masks a copy of the database, and hands out its rows',
      inside: { vpc, group: this.props.group(this, MASKING) },
      environment: { ...RDS_AUTHORITIES, [MASKED_DATA_VARIABLES.config]: JSON.stringify(config) },
    });
    const bucket = `arn:${Stack.of(this).partition}:s3:::${config.bucket}/*`;
    const role = Stack.of(this).formatArn({ service: 'rds-db', resource: 'dbuser:*/migrator' });
    const { account, region } = maskedData.to;
    const keys = `arn:${Stack.of(this).partition}:kms:${region}:${account}:key/*`;
    masking.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: [role] }));
    masking.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket] }));
    masking.addToRolePolicy(
      new PolicyStatement({
        ...{ actions: ['kms:GenerateDataKey'], resources: [keys] },
        conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${maskedKeyAlias(maskedData)}` } },
      }),
    );
    acknowledge(masking, {
      ids: [bucket, role, keys].map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`),
      why: 'A copy gets its id when it is restored, parts their names when they are handed out, and the key is known by its alias.',
      instead: 'it reaches the copy alone, by its security group, and one bucket of the account that takes the rows.',
      again: 'when RDS lets a role be bound to an instance by its name.',
    });
    return masking;
  }

  /** Make and unmake that one copy from that one instance's snapshots. */
  private rights(masking: string): readonly MachineRight[] {
    const rds = (resource: string) => Stack.of(this).formatArn({ service: 'rds', resource });
    const [copy, snapshots] = [rds(`db:${this.copy}`), rds(`snapshot:rds:${this.instance}-*`)];
    const { key, topicArn } = this.props;
    const viaRds = { StringEquals: { 'kms:ViaService': `rds.${Stack.of(this).region}.amazonaws.com` } };
    const forRds = { ...viaRds, Bool: { 'kms:GrantIsForAWSResource': 'true' } };
    return [
      { actions: ['rds:DescribeDBSnapshots'], resources: [rds(`db:${this.instance}`), rds('snapshot:*')] },
      {
        actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
        resources: [copy, snapshots, rds(`subgrp:${this.copy}`), rds('og:default:*'), rds('pg:default.*')],
      },
      { actions: ['rds:DescribeDBInstances', 'rds:DeleteDBInstance'], resources: [copy] },
      { actions: ['kms:DescribeKey'], resources: [key.keyArn], conditions: viaRds },
      { actions: ['kms:CreateGrant'], resources: [key.keyArn], conditions: forRds },
      { actions: ['lambda:InvokeFunction'], resources: [masking] },
      { actions: ['sns:Publish'], resources: [topicArn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] },
    ];
  }
}

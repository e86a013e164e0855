import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundleLambda } from '../bundle';
import { type Accepted, acknowledge, OWN_POLICY } from './acknowledge';

export interface NodeFunctionProps {
  /** Entry point under `lambda/`. */
  readonly file: string;
  /** Physical name, for those who must know it beforehand. */
  readonly functionName?: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly key: IKey;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  readonly logDays: RetentionDays;
  /** Of an invocation that nobody waits for. @default - Lambda's two */
  readonly retryAttempts?: number;
  /** @default - outside the VPC */
  readonly inside?: { readonly vpc: IVpc; readonly group: ISecurityGroup };
}

/** A Lambda function as we write them: one bundled file on ARM, its own encrypted log, errors with source lines. */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { file, functionName, description, environment, key, timeout, memoryMiB, logDays, inside } = props;
    super(scope, id, {
      ...{ functionName, description, timeout, memorySize: memoryMiB, environmentEncryption: key },
      retryAttempts: props.retryAttempts,
      ...{ runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64 },
      ...{ code: Code.fromAsset(bundleLambda(file)), handler: 'index.handler' },
      environment: { NODE_OPTIONS: '--enable-source-maps', ...environment },
      logGroup: new LogGroup(scope, `${id}Log`, {
        ...{ encryptionKey: key, retention: logDays, removalPolicy: RemovalPolicy.DESTROY },
      }),
      ...(inside && {
        ...{ vpc: inside.vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
        securityGroups: [inside.group],
      }),
    });
    acknowledge(this, OWN_POLICY, ...findings(inside !== undefined));
  }
}

function findings(isInside: boolean): readonly Accepted[] {
  const managed = isInside ? 'AWSLambdaVPCAccessExecutionRole' : 'AWSLambdaBasicExecutionRole';
  const outside: Accepted = {
    ids: ['NIST.800.53.R5-LambdaInsideVPC'],
    why: 'It calls APIs of AWS alone, and a VPC would only put a NAT between it and them, which can fail.',
    instead: 'a role that names every resource that can be named.',
    again: 'when it must reach something of ours.',
  };
  return [
    {
      ids: [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
        `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${managed}]`,
      ],
      why: 'The policies of AWS that let a function write its log and, in a VPC, use a network interface.',
      instead: 'the log group is its own and encrypted; no other managed policy is attached.',
      again: 'when Lambda can do without.',
    },
    {
      ids: ['AwsSolutions-IAM5[Resource::*]'],
      why: 'Reading metrics, publishing them and reading a task definition know no resource.',
      instead: 'publishing is bound to one namespace; the rest only reads.',
      again: 'when these actions take resources.',
    },
    {
      ids: ['NIST.800.53.R5-LambdaConcurrency', 'NIST.800.53.R5-LambdaDLQ'],
      why: 'Reserved concurrency would be taken from an account that may have ten; and every caller waits for the answer or calls again.',
      instead: 'alarms on errors and throttles; no answer is never a promotion.',
      again: 'when something calls it without waiting.',
    },
    ...(isInside ? [] : [outside]),
  ];
}

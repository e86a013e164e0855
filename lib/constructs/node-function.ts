import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundleLambda } from '../bundle';

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
  /** @default - outside the VPC */
  readonly inside?: { readonly vpc: IVpc; readonly group: ISecurityGroup };
}

/** A Lambda function as we write them: one bundled file on ARM, its own encrypted log, errors with source lines. */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { file, functionName, description, environment, key, timeout, memoryMiB, logDays, inside } = props;
    super(scope, id, {
      ...{ functionName, description, timeout, memorySize: memoryMiB, environmentEncryption: key },
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
  }
}

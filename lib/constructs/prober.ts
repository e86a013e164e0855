import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { PROBER_VARIABLES, type ProberConfig } from '../model/gate-config';
import { MinuteSchedule } from './minute-schedule';
import { NodeFunction } from './node-function';
import { publishing } from './publishing';

export interface ProberProps {
  readonly config: ProberConfig;
  readonly functionName: string;
  readonly schedule: string;
  readonly gate: IFunction;
  readonly vpc: IVpc;
  readonly group: ISecurityGroup;
  readonly key: IKey;
  readonly account: ISecret;
  readonly metricNamespace: string;
  readonly logDays: RetentionDays;
}

/** A minute's probes, the slowest bound (60 s) and the tick. */
const TIMEOUT = Duration.seconds(150);

/** Measures both arms from inside the VPC, each minute while a canary is live. It may reach the balancer and call the gate, no more. */
export class Prober extends Construct {
  readonly handler: NodeFunction;

  constructor(scope: Construct, id: string, props: ProberProps) {
    super(scope, id);
    const { config, functionName, gate, vpc, group, key, account, metricNamespace, logDays, schedule } = props;
    this.handler = new NodeFunction(this, 'Handler', {
      ...{ file: 'prober/prober.lambda.ts', functionName, key, logDays, timeout: TIMEOUT, memoryMiB: 1024 },
      // a minute that failed halfway must not be measured twice: CloudWatch adds counts up
      retryAttempts: 0,
      description: `Probes both releases of ${config.system} in ${config.env} while one is judged`,
      inside: { vpc, group },
      environment: {
        [PROBER_VARIABLES.config]: JSON.stringify(config),
        [PROBER_VARIABLES.gateFunction]: gate.functionName,
        [PROBER_VARIABLES.metricNamespace]: metricNamespace,
        [PROBER_VARIABLES.account]: account.secretArn,
      },
    });
    this.handler.addToRolePolicy(publishing(metricNamespace));
    this.handler.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [gate.functionArn] }),
    );
    this.handler.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [account.secretArn] }),
    );
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
    new MinuteSchedule(this, 'EachMinute', { name: schedule, target: this.handler });
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { GATE_VARIABLES, type GateConfig } from '../model/gate-config';
import { acknowledge, OWN_POLICY } from './acknowledge';
import { MinuteSchedule } from './minute-schedule';
import { NodeFunction } from './node-function';
import { publishing } from './publishing';

export interface GateProps {
  readonly config: GateConfig;
  readonly functionName: string;
  readonly key: IKey;
  /** Name of the bucket. */
  readonly ledger: string;
  readonly pointer: IStringParameter;
  readonly notices: ITopic;
  readonly metricNamespace: string;
  readonly clusterName: string;
  /** Name of the service of canary workers. @default - none */
  readonly canaryWorkers?: string;
  /** Physical names, as gate and prober know each other. */
  readonly prober: { readonly functionName: string; readonly schedule: string };
  readonly logDays: RetentionDays;
}

/** Reads, judges and writes within a minute, or the next call does. */
const TIMEOUT = Duration.seconds(55);

/** The function that answers for every release. It may look at deployments, stop them, and change what its ledger and pointer say. */
export class Gate extends Construct {
  readonly handler: NodeFunction;
  /** By which ECS calls the gate. */
  readonly hookRole: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GateProps,
  ) {
    super(scope, id);
    const { config, functionName, key, logDays, prober } = props;
    this.handler = new NodeFunction(this, 'Handler', {
      ...{ file: 'gate/gate.lambda.ts', functionName, key, logDays, timeout: TIMEOUT, memoryMiB: 512 },
      description: `Answers every release of ${config.system} in ${config.env}`,
      environment: this.environment(prober),
    });
    this.grantRecord();
    this.grantDeployments();
    this.grantProber();
    this.hookRole = this.defineHookRole();
  }

  private environment(prober: GateProps['prober']): Readonly<Record<string, string>> {
    const { config, ledger, pointer, notices, metricNamespace, clusterName, canaryWorkers } = this.props;
    return {
      [GATE_VARIABLES.config]: JSON.stringify(config),
      [GATE_VARIABLES.ledgerBucket]: ledger,
      [GATE_VARIABLES.pointerParameter]: pointer.parameterName,
      [GATE_VARIABLES.metricNamespace]: metricNamespace,
      [GATE_VARIABLES.cluster]: clusterName,
      ...(canaryWorkers ? { [GATE_VARIABLES.canaryWorkers]: canaryWorkers } : {}),
      [GATE_VARIABLES.noticeTopic]: notices.topicArn,
      [GATE_VARIABLES.proberFunction]: prober.functionName,
      [GATE_VARIABLES.proberSchedule]: prober.schedule,
    };
  }

  /** What it keeps: the ledger, the pointer, its metrics, and what it tells people. */
  private grantRecord(): void {
    const { ledger, pointer, notices, key, metricNamespace } = this.props;
    // exact actions: the L2's grants would add deletion and half of s3:Get*
    const bucket = `arn:${Stack.of(this).partition}:s3:::${ledger}`;
    this.allow(['s3:GetObject', 's3:PutObject'], `${bucket}/releases/*`, `${bucket}/system/*`);
    this.allow(['s3:ListBucket'], bucket);
    this.acknowledgeEach('Every release has a folder of its own.', `${bucket}/releases/*`, `${bucket}/system/*`);
    this.allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], pointer.parameterArn);
    this.allow(['sns:Publish'], notices.topicArn);
    this.allow(['cloudwatch:GetMetricData'], '*');
    this.handler.addToRolePolicy(publishing(metricNamespace));
  }

  private grantDeployments(): void {
    const { clusterName, canaryWorkers } = this.props;
    const arn = (type: string, rest: string) =>
      Stack.of(this).formatArn({ service: 'ecs', resource: type, resourceName: `${clusterName}/${rest}` });
    const read = ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'];
    const [deployments, revisions, services] = ['service-deployment', 'service-revision', 'service'].map((type) =>
      arn(type, '*'),
    );
    this.allow(read, deployments!);
    this.allow(['ecs:DescribeServiceRevisions'], revisions!);
    this.allow(['ecs:ListServiceDeployments', 'ecs:DescribeServices'], services!);
    this.acknowledgeEach('ECS names deployments and revisions by chance.', deployments!, revisions!, services!);
    // knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    this.allow(['ecs:DescribeTaskDefinition'], '*');
    if (canaryWorkers) this.allow(['ecs:UpdateService'], arn('service', canaryWorkers));
  }

  private grantProber(): void {
    const { functionName, schedule } = this.props.prober;
    const { account, region, partition } = Stack.of(this);
    const at = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
    this.allow(['lambda:InvokeFunction'], at('lambda', `function:${functionName}`));
    this.allow(['scheduler:GetSchedule', 'scheduler:UpdateSchedule'], at('scheduler', `schedule/default/${schedule}`));
    // an update of a schedule gives its role again
    this.handler.addToRolePolicy(
      new PolicyStatement({
        ...{
          actions: ['iam:PassRole'],
          resources: [`arn:${partition}:iam::${account}:role/${MinuteSchedule.roleName(schedule)}`],
        },
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }

  /** Inline, because ECS may call before a policy of its own exists, and would roll the first deployment back. */
  private defineHookRole(): Role {
    const { functionArn } = this.handler;
    const invoke = new PolicyStatement({
      ...{ actions: ['lambda:InvokeFunction'], resources: [functionArn, `${functionArn}:*`] },
    });
    const role = new Role(this, 'HookRole', {
      assumedBy: new ServicePrincipal('ecs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
    const { logicalId } = this.handler.node.defaultChild as CfnFunction;
    acknowledge(role, OWN_POLICY, {
      ids: [`AwsSolutions-IAM5[Resource::<${Stack.of(this).resolve(logicalId)}.Arn>:*]`],
      why: 'Versions and aliases of the one function, which ECS asks to be allowed as well.',
      instead: 'trust is limited to ECS in this account.',
      again: 'when ECS no longer documents it.',
    });
    return role;
  }

  private acknowledgeEach(why: string, ...resources: string[]): void {
    acknowledge(this.handler, {
      ids: resources.map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`),
      ...{ why, instead: 'the folder of one bucket, or one cluster, and only the actions that the code calls.' },
      again: 'when the gate serves a second cluster.',
    });
  }

  private allow(actions: string[], ...resources: string[]): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
  }
}

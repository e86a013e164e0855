import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ORDER_VARIABLES, type OrderConfig } from '../../model/order-config';
import { acknowledge } from '../acknowledge';
import { NodeFunction } from '../node-function';

export interface OrderFunctionProps {
  readonly config: OrderConfig;
  readonly functionName: string;
  readonly key: IKey;
  readonly notices: ITopic;
  readonly logDays: RetentionDays;
}

/** Waits for a verdict and for services that go back; what takes longer is tried again and goes on where it was. */
const TIMEOUT = Duration.minutes(14);

/** Keeps the order of releases: its checks, its record, and the way back. It may start no release. */
export class OrderFunction extends Construct {
  readonly handler: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OrderFunctionProps,
  ) {
    super(scope, id);
    const { config, functionName, key, notices, logDays } = props;
    this.handler = new NodeFunction(this, 'Handler', {
      ...{ file: 'delivery/order.lambda.ts', functionName, key, logDays, timeout: TIMEOUT, memoryMiB: 512 },
      description: 'Keeps the order of releases',
      environment: {
        [ORDER_VARIABLES.config]: JSON.stringify(config),
        [ORDER_VARIABLES.noticeTopic]: notices.topicArn,
      },
    });
    this.grantLedger();
    this.grantServices();
    this.allow(['cloudwatch:DescribeAlarms'], '*');
    this.allow(['sns:Publish'], notices.topicArn);
  }

  get arn(): string {
    return this.handler.functionArn;
  }

  private grantLedger(): void {
    const bucket = `arn:${Stack.of(this).partition}:s3:::${this.props.config.ledger}`;
    const folders = [`${bucket}/releases/*`, `${bucket}/system/*`];
    this.allow(['s3:GetObject', 's3:PutObject'], ...folders);
    this.allow(['s3:ListBucket'], bucket);
    this.allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.props.key.keyArn);
    this.acknowledgeEach('Every release and every run of the pipeline has an object of its own.', ...folders);
  }

  /** Look at every service of the cluster, and put those of the release back on a task definition that ran before. */
  private grantServices(): void {
    const { cluster, webs, workers } = this.props.config;
    const ecs = (type: string, rest: string) =>
      Stack.of(this).formatArn({ service: 'ecs', resource: type, resourceName: `${cluster}/${rest}` });
    const [services, deployments, revisions] = ['service', 'service-deployment', 'service-revision'].map((type) =>
      ecs(type, '*'),
    ) as [string, string, string];
    this.allow(['ecs:ListServiceDeployments', 'ecs:DescribeServices'], services);
    this.allow(['ecs:DescribeServiceDeployments'], deployments);
    this.allow(['ecs:DescribeServiceRevisions'], revisions);
    this.acknowledgeEach('ECS names deployments and revisions by chance.', services, deployments, revisions);
    // know no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    this.allow(['ecs:ListTaskDefinitions', 'ecs:DescribeTaskDefinition'], '*');
    this.allow(['ecs:UpdateService'], ...Object.keys({ ...webs, ...workers }).map((name) => ecs('service', name)));
  }

  private acknowledgeEach(why: string, ...resources: readonly string[]): void {
    acknowledge(this.handler, {
      ids: resources.map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`),
      ...{ why, instead: 'the folders of one bucket, or one cluster, and only the actions that the code calls.' },
      again: 'when it keeps the order of a second environment.',
    });
  }

  private allow(actions: string[], ...resources: string[]): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
  }
}

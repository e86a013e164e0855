import { type App, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledge, OWN_POLICY } from '../constructs/acknowledge';
import { ArtifactStore } from '../constructs/delivery/artifact-store';
import { failedStage } from '../constructs/delivery/failed-stage';
import { ImageRepositories } from '../constructs/delivery/image-repositories';
import { PipelineProjects } from '../constructs/delivery/projects';
import { ReleasePipeline } from '../constructs/delivery/release-pipeline';
import { EnvironmentKey } from '../constructs/environment-key';
import { LogBucket } from '../constructs/log-bucket';
import { Notices } from '../constructs/notices';
import {
  artifactBucketName,
  bootstrapRoleArn,
  deliveryBusName,
  deliveryRoleName,
  pipelineName,
  toolsKeyAlias,
  toolsName,
} from '../model/delivery-names';
import type { DeliveryModel, PipelineModel } from '../model/pipelines';

export interface DeliveryStackProps extends StackProps {
  readonly model: DeliveryModel;
}

const LOG_DAYS = 90;

/** Define the account of the tools: where images are kept, and what takes them to the environments. */
export function defineDelivery(app: App, model: DeliveryModel): DeliveryStack {
  const stack = new DeliveryStack(app, toolsName(model, 'delivery'), { env: model.tools, model });
  Tags.of(stack).add('system', model.name);
  Tags.of(stack).add('environment', 'tools');
  return stack;
}

/** Pipelines and what they share. Nothing in an environment's account can change anything here. */
export class DeliveryStack extends Stack {
  private readonly key: Key;
  private readonly signingKey: Key;
  private readonly notices: Topic;
  private readonly artifacts: ArtifactStore;
  private readonly repositories: ImageRepositories;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryStackProps,
  ) {
    super(scope, id, { ...props, terminationProtection: true });
    this.node.setContext('@aws-cdk/pipelines:reduceStageRoleTrustScope', true);
    const { model } = props;
    const targets = [...new Set(model.pipelines.map(({ system }) => system.account))];
    this.key = new EnvironmentKey(this, 'Key', { retain: true, name: toolsKeyAlias(model, 'artifacts') }).key;
    this.signingKey = this.defineSigningKey();
    this.notices = new Notices(this, 'Notices', { key: this.key, addresses: model.notify }).topic;
    this.artifacts = this.defineArtifacts();
    this.repositories = new ImageRepositories(this, 'Images', {
      ...{ prefix: model.name, images: model.images, key: this.key, accounts: targets },
    });
    for (const pipeline of model.pipelines) this.definePipeline(pipeline);
  }

  private defineSigningKey(): Key {
    return new Key(this, 'Signing', {
      ...{
        alias: toolsKeyAlias(this.props.model, 'images'),
        description: 'Signs images that were built and tried here',
      },
      ...{ keySpec: KeySpec.ECC_NIST_P256, keyUsage: KeyUsage.SIGN_VERIFY, removalPolicy: RemovalPolicy.RETAIN },
    });
  }

  private defineArtifacts(): ArtifactStore {
    const { model } = this.props;
    const name = toolsName(model, `logs-${model.tools.account}-${model.tools.region}`);
    const logs = new LogBucket(this, 'Logs', { name, retain: true, keepDays: LOG_DAYS });
    return new ArtifactStore(this, 'Artifacts', {
      ...{ bucketName: artifactBucketName(model, model.tools), key: this.key, logs: logs.bucket },
      readers: model.pipelines.flatMap(({ system }) => [
        { account: system.account, role: `arn:aws:iam::${system.account}:role/${deliveryRoleName(system)}` },
        { account: system.account, role: bootstrapRoleArn('deploy', system) },
      ]),
    });
  }

  private definePipeline(pipeline: PipelineModel): void {
    const { model } = this.props;
    const { key, signingKey, repositories } = this;
    const scope = pipeline.env;
    const { projects } = new PipelineProjects(this, `${scope}-builds`, {
      ...{ delivery: model, pipeline, repositories, key, signingKey, artifacts: this.artifacts.bucket },
    });
    new ReleasePipeline(this, scope, {
      ...{ delivery: model, pipeline, projects, artifacts: this.artifacts.bucket, tell: this.notices },
    });
    this.tellOfFailures(pipeline);
  }

  /** People, and the environment, which takes back what the release had reached. */
  private tellOfFailures({ env, system }: PipelineModel): void {
    const name = pipelineName(system);
    const bus = EventBus.fromEventBusArn(
      this,
      `${env}-bus`,
      `arn:aws:events:${system.region}:${system.account}:event-bus/${deliveryBusName(system)}`,
    );
    const rule = new Rule(this, `${env}-failed`, {
      description: `A stage of ${name} failed`,
      eventPattern: failedStage(name),
      targets: [new SnsTopic(this.notices, { message: RuleTargetInput.fromText(FAILED) }), new EventBusTarget(bus)],
    });
    acknowledge(rule, OWN_POLICY);
  }
}

const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
const FAILED =
  `${field('pipeline')}: stage ${field('stage')} failed, in run ${field('execution-id')}. ` +
  'What the release had reached is taken back; the ledger says why: npm run release -- status --env <environment>';

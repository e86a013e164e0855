import { Duration } from 'aws-cdk-lib';
import type { IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bootstrapRoleArn, toolsKeyAlias } from '../../model/delivery-names';
import { stackName } from '../../model/names';
import { releasedParts } from '../../model/order-config';
import type { DeliveryModel, PipelineModel } from '../../model/pipelines';
import { BuildProject } from './build-project';
import { type ImageRepositories, PULL_REQUEST_TAG } from './image-repositories';

export type ProjectName = 'test' | 'images' | 'verify' | 'preflight';
export type Projects = Readonly<Record<ProjectName, BuildProject>>;

export interface PipelineProjectsProps {
  readonly delivery: DeliveryModel;
  readonly pipeline: PipelineModel;
  readonly repositories: ImageRepositories;
  readonly key: IKey;
  readonly artifacts: IBucket;
  /** Signs images. */
  readonly signingKey: Key;
}

/** The builds of one pipeline, each with the rights that its own commands take. */
export class PipelineProjects extends Construct {
  readonly projects: Projects;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineProjectsProps,
  ) {
    super(scope, id);
    this.projects = {
      test: this.define('test', 'Types, style, tests and templates of a change', 20),
      images: this.defineImages(),
      verify: this.defineVerify(),
      preflight: this.definePreflight(),
    };
  }

  private define(name: ProjectName, description: string, minutes: number, more: object = {}): BuildProject {
    const { key, artifacts, delivery } = this.props;
    return new BuildProject(this, name, {
      ...{ buildspec: `${name}.yml`, description, timeout: Duration.minutes(minutes), key, artifacts },
      ...{ environment: this.environment(), connection: delivery.repository.connection, ...more },
    });
  }

  /** What every build is told. */
  private environment(): Record<string, string> {
    const { delivery, pipeline } = this.props;
    const { account, region } = delivery.tools;
    return {
      ...{ SYSTEM: delivery.name, ENVIRONMENT: pipeline.env, IMAGES: delivery.images.join(' ') },
      REGISTRY: `${account}.dkr.ecr.${region}.amazonaws.com`,
      SIGNING_KEY: `awskms:///alias/${toolsKeyAlias(delivery, 'images')}`,
    };
  }

  /** What a pull request's build made bears no signature, and what bears none goes no further. */
  private defineImages(): BuildProject {
    const { pipeline, repositories, signingKey } = this.props;
    const isTrusted = pipeline.trigger.on !== 'pull-request';
    const project = this.define('images', 'Images of a release: built once, tried, scanned, signed', 60, {
      runsContainers: true,
      environment: {
        ...this.environment(),
        ...{ SIGN: isTrusted ? 'yes' : 'no', TAG_PREFIX: isTrusted ? '' : PULL_REQUEST_TAG },
      },
    });
    repositories.grantPublish(project.project);
    if (isTrusted) project.allow(['kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey'], signingKey.keyArn);
    return project;
  }

  private defineVerify(): BuildProject {
    const { repositories, signingKey } = this.props;
    const project = this.define('verify', 'Signatures, provenance and place in history of a release', 15);
    repositories.grantRead(project.project);
    project.allow(['kms:GetPublicKey', 'kms:DescribeKey'], signingKey.keyArn);
    return project;
  }

  /** Reads change sets in the environment, and publishes code there, in the roles that `cdk bootstrap` leaves for that. */
  private definePreflight(): BuildProject {
    const { system } = this.props.pipeline;
    const lookup = bootstrapRoleArn('lookup', system);
    const { first, canary, last } = releasedParts(system);
    const stacks = [...first, ...canary, ...last].map((part) => stackName(system, part)).join(' ');
    const project = this.define('preflight', 'What the change sets of a release would change', 15, {
      environment: { ...this.environment(), STACKS: stacks, LOOKUP_ROLE: lookup, TARGET_REGION: system.region },
    });
    project.allow(['sts:AssumeRole'], lookup, bootstrapRoleArn('file-publishing', system));
    return project;
  }
}

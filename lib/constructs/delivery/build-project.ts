import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BuildSpec,
  type CfnProject,
  ComputeType,
  LinuxArmBuildImage,
  PipelineProject,
} from 'aws-cdk-lib/aws-codebuild';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge, OWN_POLICY } from '../acknowledge';
import { artifactGrants } from './artifact-store';
import { wildcards } from './wildcards';

export interface BuildProjectProps {
  /** File under `delivery/buildspecs`, read from the source that is built. */
  readonly buildspec: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly key: IKey;
  /** Bucket by which the pipeline hands it its input. */
  readonly artifacts: IBucket;
  /** Whether it runs containers of its own, which takes a privileged one around them. */
  readonly runsContainers?: boolean;
  /** ARN of the connection by which it clones the repository, with its history. */
  readonly connection: string;
}

/** One build machine of ours: ARM, as the services are; gone after each run. */
export class BuildProject extends Construct {
  readonly project: PipelineProject;

  constructor(scope: Construct, id: string, props: BuildProjectProps) {
    super(scope, id);
    const { buildspec, description, environment, timeout, key, runsContainers = false, connection } = props;
    const logGroup = new LogGroup(this, 'Log', {
      ...{ encryptionKey: key, retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY },
    });
    this.project = new PipelineProject(this, 'Project', {
      ...{ description, timeout, encryptionKey: key, logging: { cloudWatch: { logGroup } } },
      buildSpec: BuildSpec.fromSourceFilename(`delivery/buildspecs/${buildspec}`),
      environment: {
        buildImage: LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        ...{ computeType: ComputeType.LARGE, privileged: runsContainers },
      },
      environmentVariables: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, { value }])),
    });
    this.allow(['codeconnections:UseConnection', 'codestar-connections:UseConnection'], connection);
    acknowledge(
      this,
      OWN_POLICY,
      artifactGrants(props.artifacts),
      this.ownNames(),
      ...(runsContainers ? [CONTAINERS] : []),
    );
  }

  /** CDK lets a project write a log and reports under its name, which it gets when it is made. */
  private ownNames(): Accepted {
    const { region, account } = Stack.of(this);
    const name = `<${Stack.of(this).resolve((this.project.node.defaultChild as CfnProject).logicalId)}>`;
    const own = [
      `logs:${region}:${account}:log-group:/aws/codebuild/${name}:*`,
      `codebuild:${region}:${account}:report-group/${name}-*`,
    ];
    return wildcards(
      own.map((arn) => `arn:aws:${arn}`),
      {
        why: "CDK's grants of a build's log streams and test reports, which are named at run time.",
        instead: "the project's own name stands before the wildcard.",
        again: 'when CDK grants the log group that is given to it alone.',
      },
    );
  }

  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.project.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}

const CONTAINERS: Accepted = {
  ids: ['AwsSolutions-CB3'],
  why: 'It builds images and runs the system from them, which needs a Docker engine.',
  instead: 'the machine is thrown away after each run, and its role may push images of this system alone.',
  again: 'when CodeBuild builds images without one.',
};

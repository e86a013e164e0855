import {
  Artifact,
  ExecutionMode,
  GitPullRequestEvent,
  type IAction,
  Pipeline,
  PipelineType,
  ProviderType,
  type StageProps,
  type TriggerProps,
} from 'aws-cdk-lib/aws-codepipeline';
import {
  CodeBuildAction,
  CodeStarConnectionsSourceAction,
  ManualApprovalAction,
} from 'aws-cdk-lib/aws-codepipeline-actions';
import { ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deliveryRoleName, pipelineName, pipelineRoleName } from '../../model/delivery-names';
import type { DeliveryModel, PipelineModel } from '../../model/pipelines';
import { branchVariable, releaseIdVariable, type Trigger } from '../../model/pipelines';
import { acknowledge, OWN_POLICY } from '../acknowledge';
import { artifactGrants } from './artifact-store';
import { EnvironmentActions } from './environment-actions';
import type { Projects } from './projects';
import { type Parts, stagesOf } from './stages';

export interface ReleasePipelineProps {
  readonly delivery: DeliveryModel;
  readonly pipeline: PipelineModel;
  readonly projects: Projects;
  readonly artifacts: IBucket;
  /** Who hears of an approval that is wanted. */
  readonly tell: ITopic;
}

/** One pipeline, from a change in the repository to an environment. Runs wait for each other, and nothing is rolled back by re-running. */
export class ReleasePipeline extends Construct {
  readonly pipeline: Pipeline;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleasePipelineProps,
  ) {
    super(scope, id);
    const { delivery, pipeline, artifacts } = props;
    const role = new Role(this, 'Role', {
      roleName: pipelineRoleName(pipeline.system),
      assumedBy: new ServicePrincipal('codepipeline.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': delivery.tools.account } },
      }),
    });
    const source = new Artifact('Source');
    const sourceAction = this.source(source, role);
    this.pipeline = new Pipeline(this, 'Pipeline', {
      ...{ pipelineName: pipelineName(pipeline.system), role, artifactBucket: artifacts },
      // every tag in its turn; a run that overtook another would leave a release half out
      ...{ pipelineType: PipelineType.V2, executionMode: ExecutionMode.QUEUED },
      ...{ usePipelineRoleForActions: false, restartExecutionOnUpdate: false },
      stages: [{ stageName: 'Source', actions: [sourceAction] }, ...this.stages(source, role)],
      triggers: [trigger(pipeline.trigger, sourceAction)],
    });
    acknowledge(this, OWN_POLICY, artifactGrants(artifacts));
  }

  private source(output: Artifact, pipeline: Role): IAction {
    const { owner, name, branch, connection } = this.props.delivery.repository;
    const role = new Role(this, 'SourceRole', { assumedBy: new ArnPrincipal(pipeline.roleArn) });
    // the action itself allows the older name of the service alone
    role.addToPolicy(new PolicyStatement({ actions: ['codeconnections:UseConnection'], resources: [connection] }));
    return new CodeStarConnectionsSourceAction({
      ...{ actionName: 'Git', owner, repo: name, branch, connectionArn: connection, output, role },
      ...{ variablesNamespace: 'Source', triggerOnPush: false, codeBuildCloneOutput: true },
    });
  }

  private stages(source: Artifact, role: Role): readonly StageProps[] {
    const {
      delivery: { repository },
      pipeline,
      projects,
      tell,
    } = this.props;
    const release = releaseIdVariable(pipeline.trigger);
    const told = {
      RELEASE: release,
      COMMIT: '#{Source.CommitId}',
      BRANCH: branchVariable(pipeline.trigger, repository),
    };
    const record = new Artifact('Record');
    const build: Parts['build'] = (actionName, project, runOrder, output) =>
      new CodeBuildAction({
        ...{ actionName, project: projects[project].project, input: source, runOrder },
        ...{ extraInputs: project === 'test' || project === 'images' ? [] : [record], outputs: output ? [output] : [] },
        environmentVariables: Object.fromEntries(Object.entries(told).map(([name, value]) => [name, { value }])),
      });
    const delivery = Role.fromRoleArn(
      this,
      'DeliveryRole',
      `arn:aws:iam::${pipeline.system.account}:role/${deliveryRoleName(pipeline.system)}`,
      { mutable: false },
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [delivery.roleArn] }));
    return stagesOf(pipeline, {
      ...{ build, record, deliveryRole: delivery as Role },
      environment: new EnvironmentActions(this, 'Environment', pipeline.system, release),
      approve: () =>
        new ManualApprovalAction({
          ...{ actionName: 'Agree', notificationTopic: tell },
          additionalInformation: `Release ${release} to ${pipeline.system.name}/${pipeline.env}?`,
        }),
    });
  }
}

function trigger(on: Trigger, sourceAction: IAction): TriggerProps {
  return {
    providerType: ProviderType.CODE_STAR_SOURCE_CONNECTION,
    gitConfiguration: { sourceAction, ...filterOf(on) },
  };
}

function filterOf(on: Trigger): Omit<NonNullable<TriggerProps['gitConfiguration']>, 'sourceAction'> {
  if (on.on === 'push') return { pushFilter: [{ branchesIncludes: [...on.branches] }] };
  if (on.on === 'tag')
    return { pushFilter: [{ tagsIncludes: [...on.tags], tagsExcludes: on.except && [...on.except] }] };
  const events = [GitPullRequestEvent.OPEN, GitPullRequestEvent.UPDATED];
  return { pullRequestFilter: [{ branchesIncludes: [...on.into], events }] };
}

import { CfnCapabilities } from 'aws-cdk-lib';
import type { Artifact, IAction } from 'aws-cdk-lib/aws-codepipeline';
import {
  CloudFormationCreateReplaceChangeSetAction,
  CloudFormationExecuteChangeSetAction,
  S3DeployAction,
  StateMachineInput,
  StepFunctionInvokeAction,
} from 'aws-cdk-lib/aws-codepipeline-actions';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { bootstrapRoleArn, deliveryRoleName, type Machine, machineName } from '../../model/delivery-names';
import { globalName, stackName } from '../../model/names';
import type { SystemModel } from '../../model/system';

const CHANGE_SET = 'release';

/** Where a stack's template stands in the artifact that the build hands on. */
export function templatePath(stack: string): string {
  return `assembly/${stack}.template.json`;
}

/** What a pipeline does in an environment's account, in the roles that let it in there. */
export class EnvironmentActions extends Construct {
  private readonly deployRole: IRole;
  private readonly execRole: IRole;
  private readonly deliveryRole: IRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly system: SystemModel,
    /** Id of the release, usually a variable of the pipeline. */
    private readonly release: string,
  ) {
    super(scope, id);
    const { account } = system;
    // immutable: a grant to a role of another account would not reach it
    const role = (name: string, arn: string) => Role.fromRoleArn(this, name, arn, { mutable: false });
    this.deployRole = role('Deploy', bootstrapRoleArn('deploy', system));
    this.execRole = role('Exec', bootstrapRoleArn('cfn-exec', system));
    this.deliveryRole = role('Delivery', `arn:aws:iam::${account}:role/${deliveryRoleName(system)}`);
  }

  /** Make the change set of a part's stack. Changes nothing yet. */
  prepare(part: string, templates: Artifact, runOrder: number): IAction {
    const name = stackName(this.system, part);
    return new CloudFormationCreateReplaceChangeSetAction({
      ...{ actionName: `Prepare-${part}`, stackName: name, changeSetName: CHANGE_SET, runOrder },
      ...{ templatePath: templates.atPath(templatePath(name)), cfnCapabilities: [CfnCapabilities.NAMED_IAM] },
      ...{ adminPermissions: false, deploymentRole: this.execRole, role: this.deployRole, region: this.system.region },
    });
  }

  /** Carry the change set out, and wait for what ECS makes of it. */
  execute(part: string, runOrder: number): IAction {
    return new CloudFormationExecuteChangeSetAction({
      ...{ actionName: `Deploy-${part}`, stackName: stackName(this.system, part), changeSetName: CHANGE_SET, runOrder },
      ...{ role: this.deployRole, region: this.system.region },
    });
  }

  /** Put everything the build knows of the release into the ledger. */
  store(record: Artifact, runOrder: number): IAction {
    return new S3DeployAction({
      ...{ actionName: 'Store', input: record, runOrder, extract: true, role: this.deliveryRole },
      bucket: Bucket.fromBucketName(this, 'Ledger', globalName(this.system, 'ledger')),
      objectKey: `releases/${this.release}`,
    });
  }

  /** Have the environment carry out stages of the order that are checks or records, one after the other. */
  stages(actionName: string, stages: readonly string[], runOrder: number): IAction {
    return this.run('stages', { actionName, runOrder }, { stages });
  }

  run(
    machine: Machine,
    action: { readonly actionName: string; readonly runOrder: number },
    more: object = {},
  ): IAction {
    const { region, account } = this.system;
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${machineName(this.system, machine)}`;
    return new StepFunctionInvokeAction({
      ...{ ...action, role: this.deliveryRole },
      stateMachine: StateMachine.fromStateMachineArn(this, `${action.actionName}-${machine}`, arn),
      stateMachineInput: StateMachineInput.literal({
        ...{ release: this.release, execution: '#{codepipeline.PipelineExecutionId}', ...more },
      }),
    });
  }
}

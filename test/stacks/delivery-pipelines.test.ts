import { describe, expect, test } from '@jest/globals';
import { STAGES } from '../../delivery/order/stages';
import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import { asText, toolsTemplate } from './delivery-accounts';

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly RoleArn: unknown;
  readonly ActionTypeId: { readonly Provider: string };
  readonly Configuration: Record<string, unknown>;
  readonly InputArtifacts?: readonly { readonly Name: string }[];
  readonly OutputArtifacts?: readonly { readonly Name: string }[];
}

interface Stage {
  readonly Name: string;
  readonly Actions: readonly Action[];
  readonly BeforeEntry?: { readonly Conditions: readonly { Result: string; Rules: readonly Rule[] }[] };
  readonly OnFailure?: unknown;
}

interface Rule {
  readonly Name: string;
  readonly RuleTypeId: { readonly Provider: string };
  readonly Configuration: Record<string, string>;
}

const config: SystemConfig = coach;
const template = toolsTemplate(coach);

function resources(type: string, of = template) {
  return Object.values(of.Resources).filter(({ Type }) => Type === type);
}

function pipeline(name: string, of = template) {
  const found = resources('AWS::CodePipeline::Pipeline', of).find(({ Properties }) => Properties.Name === name);
  return found!.Properties as {
    readonly PipelineType: string;
    readonly ExecutionMode: string;
    readonly RoleArn: unknown;
    readonly Stages: readonly Stage[];
    readonly Triggers: readonly { readonly GitConfiguration: object }[];
  };
}

const stageNames = (name: string, of = template) => pipeline(name, of).Stages.map((stage) => stage.Name);
const stage = (name: string, wanted: string, of = template) =>
  pipeline(name, of).Stages.find((one) => one.Name === wanted)!;
const actionsOf = (name: string, wanted: string, of = template) =>
  stage(name, wanted, of).Actions.map(({ Name, RunOrder }) => `${RunOrder} ${Name}`);

const inTheirOrder = (name: string) =>
  pipeline(name).Stages.flatMap(({ Actions }) => [...Actions].sort((a, b) => a.RunOrder - b.RunOrder));

const prod = pipeline('coach-prod');
const NAMES = ['coach-dev', 'coach-staging', 'coach-prod'];

describe('every pipeline', () => {
  test.each(NAMES)('%s is a V2 pipeline whose runs wait for each other', (name) => {
    const { PipelineType, ExecutionMode } = pipeline(name);

    expect({ PipelineType, ExecutionMode }).toEqual({ PipelineType: 'V2', ExecutionMode: 'QUEUED' });
  });

  test.each(NAMES)('%s re-runs nothing when a stage fails: ECS and the gate have gone back already', (name) => {
    expect(pipeline(name).Stages.filter(({ OnFailure }) => OnFailure !== undefined)).toEqual([]);
  });

  test.each(NAMES)('%s hands no action an artifact that none before it made', (name) => {
    const made = new Set<string>();
    for (const { InputArtifacts = [], OutputArtifacts = [] } of inTheirOrder(name)) {
      expect([...made]).toEqual(expect.arrayContaining(InputArtifacts.map(({ Name }) => Name)));
      OutputArtifacts.forEach(({ Name }) => void made.add(Name));
    }

    expect([...made].sort()).toEqual(['Record', 'Source']);
  });

  test.each(NAMES)('%s runs each action in a role of its own, never in that of the pipeline', (name) => {
    const { RoleArn, Stages } = pipeline(name);
    const roles = Stages.flatMap(({ Actions }) =>
      Actions.filter(({ ActionTypeId }) => ActionTypeId.Provider !== 'Manual').map((action) => asText(action.RoleArn)),
    );

    expect(roles).not.toContain(asText(RoleArn));
    expect(roles).not.toContain('undefined');
  });

  test('is started by what its system says, and by nothing else', () => {
    const triggers = NAMES.map((name) => pipeline(name).Triggers.map(({ GitConfiguration }) => GitConfiguration));

    expect(triggers).toEqual([
      [{ SourceActionName: 'Git', PullRequest: [{ Branches: { Includes: ['main'] }, Events: ['OPEN', 'UPDATED'] }] }],
      [{ SourceActionName: 'Git', Push: [{ Branches: { Includes: ['main'] } }] }],
      [{ SourceActionName: 'Git', Push: [{ Tags: { Includes: ['v*'], Excludes: ['v*-rc*'] } }] }],
    ]);
    for (const name of NAMES) expect(stage(name, 'Source').Actions[0]!.Configuration.DetectChanges).toBe(false);
  });
});

describe('the pipeline to prod', () => {
  test('keeps the order of a release', () => {
    expect(stageNames('coach-prod')).toEqual([
      ...['Source', 'Build', 'Verify', 'Prepare', 'Backup', 'Migrate', 'Canary', 'Workers', 'Sites', 'Smoke', 'Report'],
    ]);
  });

  test('carries out every stage of the order, in the order in which a rehearsal does', () => {
    const carriedOut = prod.Stages.flatMap(({ Actions }) =>
      Actions.flatMap(({ ActionTypeId, Configuration }) => {
        if (ActionTypeId.Provider !== 'StepFunctions') return [];
        const machine = String(Configuration.StateMachineArn).split('-').at(-1)!;
        return (JSON.parse(String(Configuration.Input)) as { stages?: string[] }).stages ?? [machine];
      }),
    );

    expect(carriedOut).toEqual(STAGES.map(({ name }) => name));
  });

  test('lets nothing in that bears no tag, outside the window, or while an alarm rings', () => {
    const rules = (name: string) => stage('coach-prod', name).BeforeEntry!.Conditions;
    const [tagged, open] = [rules('Build'), rules('Verify')];

    expect([...tagged, ...open].map(({ Result }) => Result)).toEqual(['FAIL', 'FAIL']);
    expect(tagged[0]!.Rules.map(({ Configuration }) => Configuration)).toEqual([
      { Variable: '#{Source.TagName}', Value: '^(v[0-9A-Za-z.+-]*)$', Operator: 'MATCHES' },
    ]);
    expect(open[0]!.Rules.map(({ RuleTypeId, Configuration }) => [RuleTypeId.Provider, Configuration])).toEqual([
      ['DeploymentWindow', { Cron: '* * 9-16 ? * MON,TUE,WED,THU,FRI', TimeZone: 'Asia/Singapore' }],
      ['CloudWatchAlarm', { AlarmName: 'coach-prod-release-any', AlarmStates: 'OK', WaitTime: '5' }],
    ]);
  });

  test('looks at the alarms again right before the canary, as ECS ignores one that rings when it begins', () => {
    const [condition] = stage('coach-prod', 'Canary').BeforeEntry!.Conditions;

    expect(condition).toMatchObject({
      Result: 'FAIL',
      Rules: [{ Configuration: { AlarmName: 'coach-prod-release-any', AlarmStates: 'OK', WaitTime: '5' } }],
    });
  });

  test('looks through every change set before the first one is carried out', () => {
    const parts = ['tasks', 'worker-canary', 'edge', 'core', 'ai', 'worker'];

    expect(actionsOf('coach-prod', 'Prepare')).toEqual([...parts.map((part) => `1 Prepare-${part}`), '2 Preflight']);
    const later = prod.Stages.slice(stageNames('coach-prod').indexOf('Prepare') + 1);
    const executed = later
      .flatMap(({ Actions }) => Actions.map(({ Configuration }) => Configuration))
      .filter(({ ActionMode }) => ActionMode === 'CHANGE_SET_EXECUTE');
    expect(executed.map(({ StackName, ChangeSetName }) => `${StackName} ${ChangeSetName}`)).toEqual(
      parts.map((part) => `coach-prod-${part} release`),
    );
  });

  test('deploys the canary workers and every web service at once, and asks for the verdict after them', () => {
    expect(actionsOf('coach-prod', 'Canary')).toEqual([
      ...['1 Deploy-worker-canary', '1 Deploy-edge', '1 Deploy-core', '1 Deploy-ai', '2 Verdict'],
    ]);
  });

  test('deploys as the roles that bootstrap left in the account, with no rights of its own there', () => {
    const [prepare] = stage('coach-prod', 'Prepare').Actions;

    expect(asText(prepare!.RoleArn)).toBe(
      'arn:aws:iam::333333333333:role/cdk-hnb659fds-deploy-role-333333333333-ap-southeast-1',
    );
    expect(asText(prepare!.Configuration.RoleArn)).toBe(
      'arn:aws:iam::333333333333:role/cdk-hnb659fds-cfn-exec-role-333333333333-ap-southeast-1',
    );
  });

  test('lays the record of the release, its templates with it, down in the ledger before anything is checked', () => {
    expect(actionsOf('coach-prod', 'Verify')).toEqual(['1 Provenance', '2 Store', '3 Checks']);
    expect(stage('coach-prod', 'Verify').Actions[1]!.Configuration).toMatchObject({
      BucketName: 'coach-prod-ledger-333333333333-ap-southeast-1',
      ObjectKey: 'releases/#{Source.TagName}',
      Extract: 'true',
    });
  });

  test('takes a tag of the branch alone that releases are cut from', () => {
    const [provenance] = stage('coach-prod', 'Verify').Actions;

    expect(JSON.parse(String(provenance!.Configuration.EnvironmentVariables))).toContainEqual({
      ...{ name: 'BRANCH', type: 'PLAINTEXT', value: 'main' },
    });
  });

  test('asks a person only where the system says so, and before anything is changed', () => {
    const { prod: written, ...others } = config.delivery!.pipelines;
    const asking = { ...others, prod: { ...written!, approval: true } };
    const changed = toolsTemplate({ ...config, delivery: { ...config.delivery!, pipelines: asking } });

    expect(stageNames('coach-prod')).not.toContain('Approve');
    expect(stageNames('coach-prod', changed).slice(3, 6)).toEqual(['Prepare', 'Approve', 'Backup']);
    expect(actionsOf('coach-prod', 'Approve', changed)).toEqual(['1 Agree', '2 Still']);
    expect(stage('coach-prod', 'Approve', changed).Actions[1]!.Configuration.Input).toContain(
      '"stages":["window","freeze","alarms","schema"]',
    );
  });

  test('fits a system that releases from branches: no tag is asked for, and the commit names the release', () => {
    const pipelines = { prod: { trigger: { on: 'push', branches: ['main'] } } } as const;
    const changed = toolsTemplate({ ...config, delivery: { ...config.delivery!, pipelines } });

    expect(stage('coach-prod', 'Build', changed).BeforeEntry).toBeUndefined();
    expect(stage('coach-prod', 'Verify', changed).Actions[1]!.Configuration.ObjectKey).toBe(
      'releases/#{Source.CommitId}',
    );
  });
});

test('branches of any name fit: development to staging and main to prod, with an approval', () => {
  const pipelines = {
    staging: { trigger: { on: 'push', branches: ['development', 'release/*'] } },
    prod: { trigger: { on: 'push', branches: ['main'] }, approval: true },
  } as const;
  const { repository } = config.delivery!;
  const rorun = toolsTemplate({ ...config, delivery: { repository: { ...repository, branch: 'trunk' }, pipelines } });
  const triggers = ['coach-staging', 'coach-prod'].map((name) => pipeline(name, rorun).Triggers[0]!.GitConfiguration);

  expect(triggers).toEqual([
    { SourceActionName: 'Git', Push: [{ Branches: { Includes: ['development', 'release/*'] } }] },
    { SourceActionName: 'Git', Push: [{ Branches: { Includes: ['main'] } }] },
  ]);
  expect(stageNames('coach-prod', rorun)).toContain('Approve');
  const [provenance] = stage('coach-staging', 'Verify', rorun).Actions;
  expect(provenance!.Configuration.EnvironmentVariables).toContain('"#{Source.BranchName}"');
  expect(resources('AWS::CodePipeline::Pipeline', rorun)).toHaveLength(2);
});

describe('the other pipelines', () => {
  test('staging keeps the order of prod, but for what is kept there', () => {
    const order = stageNames('coach-prod').filter((name) => name !== 'Backup');

    expect(stageNames('coach-staging')).toEqual(order);
  });

  test('dev makes its database anew and deploys everything at once', () => {
    expect(stageNames('coach-dev')).toEqual([...['Source', 'Build', 'Verify', 'Prepare', 'Reseed', 'Deploy', 'Smoke']]);
    expect(actionsOf('coach-dev', 'Deploy')).toEqual([
      ...['1 Deploy-edge', '1 Deploy-core', '1 Deploy-ai', '1 Deploy-worker'],
    ]);
  });
});

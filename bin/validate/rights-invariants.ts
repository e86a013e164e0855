import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those, values } from './resources';

/** What must hold of who may do what, and of who is told a secret. */
export function rightsFaults(assembly: Assembly): readonly Fault[] {
  return [
    ...all(assembly, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role').flatMap(policyFaults),
    ...all(assembly, 'AWS::Lambda::Permission').flatMap(callerFaults),
    ...all(assembly, 'AWS::SNS::TopicPolicy').flatMap(topicFaults),
    ...all(assembly, 'AWS::ECS::TaskDefinition').flatMap((task) => [
      ...toldInTheClear(task),
      ...unreadableSecrets(assembly, task),
    ]),
  ];
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: '*' | { readonly AWS?: unknown };
  readonly Condition?: unknown;
}

/** Actions that know no resource. @see https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ON_EVERYTHING = [
  /^backup:PutRestoreValidationResult$/,
  /^cloudwatch:(PutMetricData|GetMetricData|DescribeAlarms)$/,
  /^ec2:DescribeSecurityGroups$/,
  /^ecr:GetAuthorizationToken$/,
  /^ecs:(DescribeTaskDefinition|ListTaskDefinitions)$/,
  /^logs:(\w+LogDeliver(y|ies)|DescribeLogGroups|DescribeResourcePolicies|PutResourcePolicy)$/,
  /^xray:/,
];

function statementsOf(policy: Placed): readonly Statement[] {
  return values(policy, (key) => key === 'Statement').flat() as readonly Statement[];
}

function policyFaults(policy: Placed): readonly Fault[] {
  const granted = statementsOf(policy).filter(({ Effect, Action }) => Effect === 'Allow' && Action !== undefined);
  const all = granted.flatMap(({ Action }) => Action!).filter((action) => /^(\*|\w[\w-]*:\*)$/.test(action));
  const everywhere = granted
    .filter(({ Resource }) => [Resource].flat().includes('*'))
    .flatMap(({ Action }) => Action!)
    .filter((action) => !ON_EVERYTHING.some((known) => known.test(action)));
  const trusts: readonly Statement[] = policy.Properties.AssumeRolePolicyDocument?.Statement ?? [];
  const anybody = trusts.some(({ Principal }) => Principal === '*' || Principal?.AWS === '*');
  return [
    ...all.map((action) => `every action: ${action}`),
    ...everywhere.map((action) => `${action} on every resource`),
    ...those(
      [trusts.some(({ Resource }) => Resource !== undefined), 'a trust policy that names a resource'],
      [anybody, 'a role that anybody may take'],
    ),
  ].map((text) => fault('rights', policy, text));
}

function callerFaults(permission: Placed): readonly Fault[] {
  const { Principal, SourceAccount, SourceArn } = permission.Properties;
  const open = Principal === '*' && !SourceAccount && !SourceArn;
  return open ? [fault('rights', permission, 'a function that anybody may call')] : [];
}

function topicFaults(policy: Placed): readonly Fault[] {
  const open = statementsOf(policy).some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' && (Principal === '*' || Principal?.AWS === '*') && Condition === undefined,
  );
  return open ? [fault('rights', policy, 'a topic that anybody may write to')] : [];
}

interface Container {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly ValueFrom: unknown }[];
}

function containersOf(task: Placed): readonly Container[] {
  return task.Properties.ContainerDefinitions;
}

const SECRET_NAME = /(PASSWORD|SECRETS?|TOKEN|CREDENTIALS?|PRIVATE_KEY)$/;
/** Filled in by CloudFormation when it deploys, or a password in a URL. */
const SECRET_VALUE = /\{\{resolve:(secretsmanager|ssm-secure):|:\/\/[^/@]*:[^/@]+@/;

function toldInTheClear(task: Placed): readonly Fault[] {
  return containersOf(task).flatMap(({ Name: container, Environment = [] }) =>
    Environment.filter(({ Name, Value }) => SECRET_NAME.test(Name) || SECRET_VALUE.test(JSON.stringify(Value))).map(
      ({ Name }) => fault('secrets', task, `${container} is told ${Name} in the clear`),
    ),
  );
}

/** What rests under a key of ours opens only to who may use that key, whatever else a role may. */
function unreadableSecrets(assembly: Assembly, task: Placed): readonly Fault[] {
  const keys = containersOf(task)
    .flatMap(({ Secrets = [] }) => Secrets)
    .flatMap(({ ValueFrom }) => target(assembly, task.stack, secretOf(ValueFrom)) ?? [])
    .flatMap(({ stack, Properties: { KmsKeyId } }) => (KmsKeyId ? follow(assembly, stack, KmsKeyId) : []));
  const role = follow(assembly, task.stack, task.Properties.ExecutionRoleArn).replace(/\.Arn$/, '');
  const opened = all(assembly, 'AWS::IAM::Policy')
    .filter(({ stack, Properties }) =>
      (Properties.Roles as readonly unknown[]).some((each) => follow(assembly, stack, each) === role),
    )
    .flatMap((policy) => statementsOf(policy).map((statement) => ({ policy, statement })))
    .filter(({ statement: { Action } }) => [Action].flat().includes('kms:Decrypt'))
    .flatMap(({ policy, statement: { Resource } }) =>
      [Resource].flat().map((resource) => follow(assembly, policy.stack, resource)),
    );
  const closed = keys.filter((key) => !opened.includes(key));
  return closed.length > 0 ? [fault('secrets', task, 'secrets under a key that its agent may not use')] : [];
}

/** A secret is named by its ARN, or by that and what follows: `<arn>:password::`. */
function secretOf(valueFrom: unknown): unknown {
  const joined = (valueFrom as { 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'];
  return joined ? joined[1][0] : valueFrom;
}

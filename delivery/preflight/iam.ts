import type { Boundary } from './boundary';
import type { Objection, Properties, ResourceChange } from './change-set';
import { covers } from './globs';
import { ANYBODY, beyond, letsIn, listOf, unreadable } from './statements';

/** Who may not come into being by a release at all. */
const PEOPLE = [
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::IAM::AccessKey',
  'AWS::IAM::UserToGroupAddition',
  'AWS::IAM::UserPolicy',
];
const IDENTITY_POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::GroupPolicy',
];
/** Property of each kind of resource that says who may use it. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::Logs::ResourcePolicy': 'PolicyDocument',
  'AWS::Events::EventBus': 'Policy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
};

/** Policies without which a store is open to more than before. */
const LOCKS = ['AWS::S3::BucketPolicy', 'AWS::SecretsManager::ResourcePolicy'];
/** Whom they let in is decided elsewhere. */
const STRANGERS = ['AWS::IAM::OIDCProvider', 'AWS::IAM::SAMLProvider'];

export interface Judging {
  readonly boundary: Boundary;
  /** Of the environment; another one is a stranger. @default - nobody knows */
  readonly account?: string;
}

/** @param after the resource as it will be; undefined where nothing tells */
export function iamObjections(
  change: ResourceChange,
  after: Properties | undefined,
  judging: Judging,
): readonly Objection[] {
  const { ResourceType: type = '', Action } = change;
  if (Action === 'Remove') return LOCKS.includes(type) ? [UNLOCKED] : [];
  if (PEOPLE.includes(type))
    return [
      { expected: 'roles alone', got: `a ${type.split('::')[2]}`, fix: 'let a person make it, outside of releases' },
    ];
  if (STRANGERS.includes(type))
    return [
      {
        expected: 'roles of this account',
        got: 'people and programs of another',
        fix: 'let a person make it, outside of releases',
      },
    ];
  if (!isPermission(type)) return [];
  if (after === undefined) return [unreadable('a permission')];
  if (type === 'AWS::IAM::Role') return role(change, after, judging);
  if (IDENTITY_POLICIES.includes(type)) return beyond(after.PolicyDocument, judging.boundary);
  return entrance(type, after, judging);
}

const UNLOCKED: Objection = {
  ...{ expected: 'the policy of a store to stay', got: 'remove' },
  fix: 'keep it; whoever opens a store does so by hand',
};

/** Who may use what a resource is. */
function entrance(type: string, after: Properties, { account }: Judging): readonly Objection[] {
  switch (type) {
    case 'AWS::Lambda::Url':
      return after.AuthType === 'AWS_IAM' ? [] : [ANYBODY];
    case 'AWS::Lambda::Permission':
      return letsIn({ Statement: { Principal: after.Principal, Condition: condition(after) } }, account);
    case 'AWS::Lambda::LayerVersionPermission':
      return letsIn({ Statement: { Principal: after.Principal, Condition: after.OrganizationId } }, account);
    case 'AWS::Events::EventBusPolicy':
      return letsIn(
        { Statement: after.Statement ?? { Principal: after.Principal, Condition: after.Condition } },
        account,
      );
    default:
      return letsIn(after[RESOURCE_POLICIES[type] ?? ''], account);
  }
}

const ENTRANCES = [
  ...[
    'AWS::Lambda::Permission',
    'AWS::Lambda::LayerVersionPermission',
    'AWS::Lambda::Url',
    'AWS::Events::EventBusPolicy',
  ],
];

function isPermission(type: string): boolean {
  return type.startsWith('AWS::IAM::') || ENTRANCES.includes(type) || RESOURCE_POLICIES[type] !== undefined;
}

function condition({ SourceArn, SourceAccount, PrincipalOrgID }: Properties): unknown {
  return SourceArn ?? SourceAccount ?? PrincipalOrgID;
}

function role(change: ResourceChange, after: Properties, { boundary, account }: Judging): readonly Objection[] {
  return [
    ...letsIn(after.AssumeRolePolicyDocument, account),
    ...listOf(after.Policies).flatMap((policy) => beyond((policy as Properties).PolicyDocument, boundary)),
    ...listOf(after.ManagedPolicyArns).flatMap((arn) => managed(arn, boundary)),
    ...loosened(change, after),
  ];
}

function managed(arn: unknown, { managedPolicies }: Boundary): readonly Objection[] {
  // Our own ones are resources, judged where they change; AWS's are known by name.
  const name = typeof arn === 'string' ? arn : awsPolicyIn(arn);
  if (name === undefined || !/:iam::aws:policy\//.test(name)) return [];
  if (managedPolicies.some((pattern) => covers(pattern, name))) return [];
  return [
    {
      expected: `managed policies within the boundary (${managedPolicies.join(', ')})`,
      got: name,
      fix: 'name the actions it needs',
    },
  ];
}

/** `Fn::Join` of a partition and a name, as the CDK writes it. */
function awsPolicyIn(value: unknown): string | undefined {
  const parts = (value as { 'Fn::Join'?: readonly [string, readonly unknown[]] } | null)?.['Fn::Join'];
  return parts?.[1].map((part) => (typeof part === 'string' ? part : 'aws')).join(parts[0]);
}

function loosened({ BeforeContext }: ResourceChange, after: Properties): readonly Objection[] {
  const before =
    BeforeContext === undefined ? undefined : (JSON.parse(BeforeContext) as { Properties?: Properties }).Properties;
  if (before?.PermissionsBoundary === undefined || after.PermissionsBoundary !== undefined) return [];
  return [{ expected: 'the permissions boundary to stay', got: 'none', fix: 'keep it' }];
}

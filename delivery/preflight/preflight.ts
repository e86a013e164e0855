import { BOUNDARY, type Boundary } from './boundary';
import type { ChangeSet, Objection, Properties, Refusal, ResourceChange, Template } from './change-set';
import { iamObjections } from './iam';

export interface PreflightOptions {
  /** The template the change set was made of, where it does not tell the values itself. */
  readonly template?: Template;
  /** @default - {@link BOUNDARY} */
  readonly boundary?: Boundary;
}

/**
 * Why a change set must not be executed, all of it at once; nothing if it may.
 *
 * ECS owns the weights of listener rules, so no release touches what traffic goes through; a store that is replaced is a store that
 * is lost; and a release that widens what roles may do is no release. What cannot be read is refused.
 */
export function preflight(
  changeSet: ChangeSet,
  { template, boundary = BOUNDARY }: PreflightOptions = {},
): readonly Refusal[] {
  const { StackName: stack = 'the stack', Changes = [] } = changeSet;
  const changes = Changes.flatMap(({ ResourceChange }) => ResourceChange ?? []);
  const isNew = changes.length > 0 && changes.every(({ Action }) => Action === 'Add');
  const whole = unfit(changeSet).map((objection) => ({
    stack,
    resource: changeSet.ChangeSetName ?? 'change set',
    type: 'ChangeSet',
    ...objection,
  }));
  const own = changes.flatMap((change) => {
    const { LogicalResourceId: resource = '?', ResourceType: type = '?' } = change;
    const objections = [
      ...(isNew ? [] : trafficObjections(change)),
      ...storeObjections(change),
      ...nested(change),
      ...iamObjections(change, afterOf(change, template), boundary),
    ];
    return objections.map((objection) => ({ stack, resource, type, ...objection }));
  });
  return [...whole, ...own];
}

/** How CloudFormation says that there is nothing to do. */
const EMPTY = /didn't contain changes|No updates are to be performed/;

function unfit({ Status, StatusReason = '', NextToken }: ChangeSet): readonly Objection[] {
  if (NextToken !== undefined)
    return [
      {
        expected: 'every page of it',
        got: 'the first ones',
        fix: 'read on from NextToken, and put the Changes together',
      },
    ];
  if (Status === 'CREATE_COMPLETE' || (Status === 'FAILED' && EMPTY.test(StatusReason))) return [];
  return [
    {
      expected: 'status CREATE_COMPLETE',
      got: [Status, StatusReason].filter(Boolean).join(': ') || 'none',
      fix: 'make the change set again',
    },
  ];
}

/** What the users' requests go through. */
const TRAFFIC = ['ListenerRule', 'TargetGroup', 'Listener', 'LoadBalancer'].map(
  (kind) => `AWS::ElasticLoadBalancingV2::${kind}`,
);

function trafficObjections({ ResourceType = '', Action = '', Replacement }: ResourceChange): readonly Objection[] {
  const [, rule, group, listener] = [TRAFFIC, ...TRAFFIC];
  const isOwned = [rule, group, listener].includes(ResourceType);
  const isReplaced = ResourceType === TRAFFIC[3] && (Action === 'Remove' || Replacement !== 'False');
  if (!isOwned && !isReplaced) return [];
  return [
    {
      ...{ expected: 'it to stay as it is', got: describe(Action, Replacement) },
      fix: 'ECS owns the weights once a service runs; change it by hand in a quiet hour, or in a stack of its own',
    },
  ];
}

/** What outlives deployments, or cannot be made again. */
const STORES = [
  ...[
    'AWS::RDS::DBInstance',
    'AWS::RDS::DBCluster',
    'AWS::ElastiCache::ReplicationGroup',
    'AWS::ElastiCache::ServerlessCache',
  ],
  ...[
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::KMS::ReplicaKey',
    'AWS::SecretsManager::Secret',
    'AWS::DynamoDB::Table',
  ],
  ...['AWS::DynamoDB::GlobalTable', 'AWS::EFS::FileSystem', 'AWS::ECR::Repository', 'AWS::Backup::BackupVault'],
  ...[
    'AWS::OpenSearchService::Domain',
    'AWS::Cognito::UserPool',
    'AWS::Logs::LogGroup',
    'AWS::SQS::Queue',
    'AWS::EC2::VPC',
  ],
  ...[
    'AWS::Route53::HostedZone',
    'AWS::CloudFront::Distribution',
    'AWS::CloudFront::KeyValueStore',
    'AWS::SSM::Parameter',
  ],
];
const KEPT = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];

function storeObjections(change: ResourceChange): readonly Objection[] {
  const { ResourceType = '', Action = '', Replacement, PolicyAction } = change;
  if (!STORES.includes(ResourceType)) return [];
  const isLost = Action !== 'Add' && (Action !== 'Modify' || (Replacement ?? 'False') !== 'False');
  return [
    ...(isLost ? [lost(describe(Action, Replacement), PolicyAction)] : []),
    ...(change.Details ?? []).flatMap(({ Target = {} }) => unprotected(Target)),
  ];
}

function lost(got: string, policy: string | undefined): Objection {
  return {
    ...{ expected: 'a store to stay, or to be updated in place', got: policy ? `${got} (${policy})` : got },
    fix: 'undo what replaces it; a store is moved by hand, with a backup and a plan',
  };
}

interface Target {
  readonly Attribute?: string;
  readonly Name?: string;
  readonly AfterValue?: string;
}

function unprotected({ Attribute = '', Name, AfterValue }: Target): readonly Objection[] {
  const isPolicy = Attribute === 'DeletionPolicy' || Attribute === 'UpdateReplacePolicy';
  const isLoose = isPolicy && !KEPT.includes(AfterValue ?? '');
  const isUnlocked = Attribute === 'Properties' && Name === 'DeletionProtection' && AfterValue !== 'true';
  if (!isLoose && !isUnlocked) return [];
  return [
    {
      ...{ expected: 'its protection to stay', got: `${isPolicy ? Attribute : Name} ${AfterValue ?? 'taken away'}` },
      fix: 'keep it; whoever deletes a store takes its protection away first, by hand',
    },
  ];
}

/** What a nested stack changes stands in a change set of its own. */
function nested({ ResourceType, Action }: ResourceChange): readonly Objection[] {
  if (ResourceType !== 'AWS::CloudFormation::Stack' || Action === 'Add') return [];
  return [
    { expected: 'no nested stack', got: 'one whose changes are not shown here', fix: 'check its own change set' },
  ];
}

function afterOf(
  { AfterContext, LogicalResourceId = '' }: ResourceChange,
  template: Template | undefined,
): Properties | undefined {
  const own = AfterContext === undefined ? undefined : (JSON.parse(AfterContext) as { Properties?: Properties });
  return own?.Properties ?? template?.Resources?.[LogicalResourceId]?.Properties;
}

function describe(action: string, replacement: string | undefined): string {
  if (action !== 'Modify') return action.toLowerCase();
  if (replacement === 'True') return 'replacement';
  return replacement === 'Conditional' ? 'a change that may replace it' : 'a change';
}

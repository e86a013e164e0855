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
      ...hidden(change),
      ...iamObjections(change, afterOf(change, template), { boundary, account: accountOf(changeSet) }),
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
  const isLeft = ResourceType === 'AWS::ECS::Service' && (Action === 'Remove' || Replacement === 'True');
  if (!isOwned && !isReplaced && !isLeft) return [];
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

/** Properties by which a store is protected, and what they may not become. */
const PROTECTIONS: Readonly<Record<string, (after: string | undefined) => boolean>> = {
  DeletionProtection: (after) => after !== 'true',
  DeletionProtectionEnabled: (after) => after !== 'true',
  Enabled: (after) => after === 'false',
  BackupRetentionPeriod: (after) => after === undefined || after === '0',
  PubliclyAccessible: (after) => after === 'true',
  StorageEncrypted: (after) => after !== 'true',
  VersioningConfiguration: (after) => !after?.includes('Enabled'),
  PublicAccessBlockConfiguration: (after) => after === undefined || after.includes('false'),
};

function unprotected({ Attribute = '', Name = '', AfterValue }: Target): readonly Objection[] {
  const isPolicy = Attribute === 'DeletionPolicy' || Attribute === 'UpdateReplacePolicy';
  const isLoose = isPolicy && !KEPT.includes(AfterValue ?? '');
  const isUnlocked = Attribute === 'Properties' && PROTECTIONS[Name]?.(AfterValue) === true;
  if (!isLoose && !isUnlocked) return [];
  return [
    {
      ...{ expected: 'its protection to stay', got: `${isPolicy ? Attribute : Name} ${AfterValue ?? 'taken away'}` },
      fix: 'keep it; whoever deletes a store takes its protection away first, by hand',
    },
  ];
}

/** What changes by their hand does not stand in the change set: a rule's weights could be among it. */
const HIDING = /^(Custom::.*|AWS::CloudFormation::(Stack|CustomResource|Macro|StackSet|ModuleVersion))$/;

function hidden({ ResourceType, Action = '' }: ResourceChange): readonly Objection[] {
  if (ResourceType === undefined)
    return [{ expected: 'a type', got: 'none', fix: 'describe the change set with --include-property-values' }];
  if (!HIDING.test(ResourceType)) return [];
  return [
    {
      expected: 'changes that are shown here',
      got: `${Action === 'Modify' ? 'a change' : Action.toLowerCase()} of what makes changes of its own`,
      fix: ResourceType.endsWith('Stack')
        ? 'check its own change set, and deploy it outside of releases'
        : 'deploy it outside of releases',
    },
  ];
}

function afterOf(
  { AfterContext, LogicalResourceId = '' }: ResourceChange,
  template: Template | undefined,
): Properties | undefined {
  const own = AfterContext === undefined ? undefined : propertiesIn(AfterContext);
  return own ?? template?.Resources?.[LogicalResourceId]?.Properties;
}

/** @returns undefined where it is no JSON, which is then refused as what cannot be read */
export function propertiesIn(context: string): Properties | undefined {
  try {
    return (JSON.parse(context) as { Properties?: Properties }).Properties;
  } catch {
    return undefined;
  }
}

/** The account in which the change set stands, where it says so. */
function accountOf({ StackId = '' }: ChangeSet): string | undefined {
  return /^arn:[\w-]+:cloudformation:[^:]*:(\d{12}):/.exec(StackId)?.[1];
}

function describe(action: string, replacement: string | undefined): string {
  if (action !== 'Modify') return action.toLowerCase();
  if (replacement === 'True') return 'replacement';
  return replacement === 'Conditional' ? 'a change that may replace it' : 'a change';
}

import { describe, expect, test } from '@jest/globals';
import { type ChangeSet, describeRefusal, type ResourceChange } from '../../../delivery/preflight/change-set';
import { covers, overlap } from '../../../delivery/preflight/globs';
import { preflight } from '../../../delivery/preflight/preflight';

const RELEASE: ResourceChange[] = [
  {
    Action: 'Modify',
    LogicalResourceId: 'Task',
    ResourceType: 'AWS::ECS::TaskDefinition',
    Replacement: 'True',
    PolicyAction: 'ReplaceAndRetain',
  },
  { Action: 'Modify', LogicalResourceId: 'Service', ResourceType: 'AWS::ECS::Service', Replacement: 'False' },
];

function changeSet(changes: readonly ResourceChange[], more: Partial<ChangeSet> = {}): ChangeSet {
  const Changes = changes.map((ResourceChange) => ({ Type: 'Resource', ResourceChange }));
  return { StackName: 'coach-prod-edge', ChangeSetName: 'v2', Status: 'CREATE_COMPLETE', Changes, ...more };
}

/** What is said against one more change in a release. */
function against(change: ResourceChange): readonly string[] {
  return preflight(changeSet([...RELEASE, change])).map(describeRefusal);
}

function role(properties: object, before?: object): ResourceChange {
  return {
    ...{ Action: 'Modify', LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role', Replacement: 'False' },
    AfterContext: JSON.stringify({ Properties: properties }),
    BeforeContext: before && JSON.stringify({ Properties: before }),
  };
}

function allowing(...statements: readonly object[]): ResourceChange {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  return role({ Policies: [{ PolicyDocument: { Statement } }] });
}

describe('a change set may be executed', () => {
  test('that changes task definitions and services', () => {
    expect(preflight(changeSet(RELEASE))).toEqual([]);
  });

  test('that changes nothing', () => {
    const StatusReason =
      "The submitted information didn't contain changes. Submit different information to create a change set.";
    expect(preflight(changeSet([], { Status: 'FAILED', StatusReason }))).toEqual([]);
  });

  test('that makes a stack from nothing, rules and stores included', () => {
    const types = [
      'AWS::ElasticLoadBalancingV2::ListenerRule',
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'AWS::RDS::DBInstance',
    ];
    expect(
      preflight(changeSet(types.map((ResourceType) => ({ Action: 'Add', ResourceType, LogicalResourceId: 'New' })))),
    ).toEqual([]);
  });

  test('that updates a store in place, and gives a role what is within the boundary', () => {
    expect(
      against({
        Action: 'Modify',
        ResourceType: 'AWS::RDS::DBInstance',
        Replacement: 'False',
        LogicalResourceId: 'Db',
      }),
    ).toEqual([]);
    expect(
      against(allowing({ Action: ['s3:GetObject', 'ssm:GetParameter'], Resource: 'arn:aws:s3:::ledger/*' })),
    ).toEqual([]);
    expect(
      against(role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] })),
    ).toEqual([]);
    expect(against({ Action: 'Remove', LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role' })).toEqual([]);
  });
});

describe('a change set is refused', () => {
  test('that touches a listener rule, and the answer names it', () => {
    const rule = { LogicalResourceId: 'ProductionRule', ResourceType: 'AWS::ElasticLoadBalancingV2::ListenerRule' };
    expect(against({ ...rule, Action: 'Modify', Replacement: 'False', Scope: ['Tags'] })).toEqual([
      'coach-prod-edge: ProductionRule (AWS::ElasticLoadBalancingV2::ListenerRule): expected it to stay as it is, got a change; ECS owns the weights once a service runs; change it by hand in a quiet hour, or in a stack of its own',
    ]);
    for (const change of ['Remove', 'Add', 'Dynamic']) expect(against({ ...rule, Action: change })).toHaveLength(1);
  });

  test.each([
    ['a target group', 'TargetGroup', { Action: 'Modify', Replacement: 'True' }, 'replacement'],
    ['a listener', 'Listener', { Action: 'Modify', Replacement: 'False' }, 'a change'],
    ['the balancer away', 'LoadBalancer', { Action: 'Remove' }, 'remove'],
  ])('that takes %s', (_, kind, change, got) => {
    const type = `AWS::ElasticLoadBalancingV2::${kind}`;
    expect(
      preflight(changeSet([...RELEASE, { LogicalResourceId: 'It', ResourceType: type, ...change }])),
    ).toMatchObject([{ resource: 'It', type, got }]);
  });

  test.each([
    [{ Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndSnapshot' }, 'replacement (ReplaceAndSnapshot)'],
    [{ Action: 'Modify', Replacement: 'Conditional' }, 'a change that may replace it'],
    [{ Action: 'Remove', PolicyAction: 'Delete' }, 'remove (Delete)'],
    [{ Action: 'Dynamic' }, 'dynamic'],
  ])('that loses a store: %j', (change, got) => {
    const store = { LogicalResourceId: 'Database', ResourceType: 'AWS::RDS::DBInstance', ...change };
    expect(against(store)).toEqual([
      `coach-prod-edge: Database (AWS::RDS::DBInstance): expected a store to stay, or to be updated in place, got ${got}; undo what replaces it; a store is moved by hand, with a backup and a plan`,
    ]);
  });

  test.each([
    [{ Attribute: 'DeletionPolicy', BeforeValue: 'Retain', AfterValue: 'Delete' }, 'DeletionPolicy Delete'],
    [{ Attribute: 'UpdateReplacePolicy', BeforeValue: 'Retain' }, 'UpdateReplacePolicy taken away'],
    [{ Attribute: 'Properties', Name: 'DeletionProtection', AfterValue: 'false' }, 'DeletionProtection false'],
  ])('that takes the protection of a store: %j', (Target, got) => {
    const store = {
      Action: 'Modify',
      Replacement: 'False',
      LogicalResourceId: 'Bucket',
      ResourceType: 'AWS::S3::Bucket',
      Details: [{ Target }],
    };
    expect(preflight(changeSet([...RELEASE, store]))).toMatchObject([{ resource: 'Bucket', got }]);
  });

  test.each([
    ['everything', { Action: '*', Resource: '*' }, '*, which takes in kms:PutKeyPolicy'],
    ['its own rights', { Action: 'iam:PutRolePolicy', Resource: '*' }, 'iam:PutRolePolicy'],
    ['all of IAM by a wildcard', { Action: 'ia?:*', Resource: '*' }, 'ia?:*'],
    ['a service nobody uses', { Action: ['bedrock:InvokeModel'], Resource: '*' }, 'bedrock:InvokeModel'],
    [
      'the end of a store, behind a wildcard',
      { Action: 'rds:*', Resource: 'arn:aws:rds:x:1:db:y' },
      'rds:*, which takes in rds:Delete*',
    ],
    [
      'the same in another case',
      { Action: 'RDS:deleteDBInstance', Resource: '*' },
      'RDS:deleteDBInstance, which takes in rds:Delete*',
    ],
    ['any role to pass', { Action: 'iam:PassRole', Resource: '*' }, 'iam:PassRole on every resource'],
    [
      'every secret',
      { Action: 'secretsmanager:GetSecretValue', Resource: 'arn:aws:secretsmanager:eu-west-1:1:*' },
      'secretsmanager:GetSecretValue on every resource',
    ],
    ['all but some', { NotAction: 'iam:*', Resource: '*' }, 'an allowance of all but some, by NotAction'],
    ['an action nobody can read', { Action: { Ref: 'Action' }, Resource: '*' }, 'an action that cannot'],
  ])('that gives a role %s', (_, statement, got) => {
    expect(preflight(changeSet([...RELEASE, allowing(statement)])).map((refusal) => refusal.got)).toEqual([got]);
  });

  test('that lets anybody in', () => {
    const anybody = { Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' } };
    expect(against(role({ AssumeRolePolicyDocument: anybody }))[0]).toContain(
      'expected principals by name, got anybody, without a condition',
    );
    const policy = {
      Action: 'Modify',
      LogicalResourceId: 'P',
      ResourceType: 'AWS::S3::BucketPolicy',
      AfterContext: JSON.stringify({ Properties: { PolicyDocument: JSON.stringify(anybody) } }),
    };
    expect(against(policy)).toHaveLength(1);
    const permission = {
      Action: 'Add',
      LogicalResourceId: 'L',
      ResourceType: 'AWS::Lambda::Permission',
      AfterContext: JSON.stringify({ Properties: { Principal: '*' } }),
    };
    expect(against(permission)).toHaveLength(1);
  });

  test('that gives a managed policy beyond the boundary, as a name or as the CDK writes it', () => {
    const written = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] };
    for (const arn of ['arn:aws:iam::aws:policy/AdministratorAccess', written])
      expect(preflight(changeSet([...RELEASE, role({ ManagedPolicyArns: [arn] })]))).toMatchObject([
        { got: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      ]);
  });

  test('that makes a user, or takes a permissions boundary away', () => {
    expect(against({ Action: 'Add', LogicalResourceId: 'U', ResourceType: 'AWS::IAM::User' })).toEqual([
      'coach-prod-edge: U (AWS::IAM::User): expected roles alone, got a User; let a person make it, outside of releases',
    ]);
    expect(against(role({}, { PermissionsBoundary: 'arn' }))[0]).toContain(
      'expected the permissions boundary to stay, got none',
    );
  });

  test('whose permissions it cannot see, unless the template shows them', () => {
    const policy = { Action: 'Modify', LogicalResourceId: 'Policy', ResourceType: 'AWS::IAM::Policy' };
    expect(against(policy)).toEqual([
      'coach-prod-edge: Policy (AWS::IAM::Policy): expected what can be read before it is done, got a permission that cannot; describe the change set with --include-property-values, or give the template with --template',
    ]);
    const Properties = { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] } };
    const template = { Resources: { Policy: { Type: 'AWS::IAM::Policy', Properties } } };
    expect(preflight(changeSet([...RELEASE, policy]), { template })).toMatchObject([
      { resource: 'Policy', got: 'iam:*' },
    ]);
  });

  test('that is not whole, failed, or hides a nested stack', () => {
    expect(preflight(changeSet(RELEASE, { NextToken: 'more' })).map(describeRefusal)).toEqual([
      'coach-prod-edge: v2 (ChangeSet): expected every page of it, got the first ones; read on from NextToken, and put the Changes together',
    ]);
    expect(preflight(changeSet([], { Status: 'FAILED', StatusReason: 'no such parameter' }))).toMatchObject([
      { got: 'FAILED: no such parameter' },
    ]);
    expect(preflight({})).toMatchObject([{ got: 'none' }]);
    expect(
      against({ Action: 'Modify', LogicalResourceId: 'N', ResourceType: 'AWS::CloudFormation::Stack' }),
    ).toHaveLength(1);
  });

  test('with everything that is against it at once', () => {
    const changes = [
      { Action: 'Remove', LogicalResourceId: 'Rule', ResourceType: 'AWS::ElasticLoadBalancingV2::ListenerRule' },
      { Action: 'Remove', LogicalResourceId: 'Bucket', ResourceType: 'AWS::S3::Bucket' },
      allowing({ Action: ['iam:*', 'sts:*'], Resource: '*' }),
    ];
    expect(preflight(changeSet(changes)).map(({ resource }) => resource)).toEqual(['Rule', 'Bucket', 'Role', 'Role']);
  });
});

describe('patterns of actions', () => {
  test.each([
    ['s3:*', 's3:Get*', true],
    ['*:Delete*', 'rds:DeleteDBInstance', true],
    ['rds:D*', 'rds:*Instance', true],
    ['s3:Get?', 's3:GetX', true],
    ['s3:Get', 's3:Put*', false],
    ['', '*', true],
  ])('%s and %s meet: %s', (a, b, meets) => {
    expect(overlap(a, b)).toBe(meets);
    expect(overlap(b, a)).toBe(meets);
  });

  test.each([
    ['s3:*', 's3:Get*', true],
    ['s3:Get*', 's3:*', false],
    ['ec2:Describe?', 'ec2:Describe*', false],
    ['ecs:*', 'ecs2:x', false],
  ])('%s covers %s: %s', (wider, pattern, whole) => {
    expect(covers(wider, pattern)).toBe(whole);
  });
});

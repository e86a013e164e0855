import { describe, expect, test } from '@jest/globals';
import { describeRefusal, type ResourceChange } from '../../../delivery/preflight/change-set';
import { preflight } from '../../../delivery/preflight/preflight';

const becoming = (properties: object) => ({ AfterContext: JSON.stringify({ Properties: properties }) });
const allow = (statement: object) => ({ Statement: [{ Effect: 'Allow', ...statement }] });
const property = (Name: string, AfterValue: string) => ({
  Details: [{ Target: { Attribute: 'Properties', Name, AfterValue } }],
});

/** Refusals of one change among others, in a stack that stands. */
function against(change: ResourceChange): readonly string[] {
  const others = { Action: 'Modify', LogicalResourceId: 'Log', ResourceType: 'AWS::SNS::Topic', Replacement: 'False' };
  const own = { Action: 'Modify', LogicalResourceId: 'It', Replacement: 'False', ...change };
  return preflight({
    ...{ StackName: 'coach-prod-edge', ChangeSetName: 'release', Status: 'CREATE_COMPLETE' },
    StackId: 'arn:aws:cloudformation:ap-southeast-1:333333333333:stack/coach-prod-edge/0',
    Changes: [others, own].map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
  }).map(describeRefusal);
}

describe('a change set is refused', () => {
  test.each([
    ['Custom::ListenerRule', 'Add', 'deploy it outside of releases'],
    ['AWS::CloudFormation::CustomResource', 'Modify', 'deploy it outside of releases'],
    ['AWS::CloudFormation::Macro', 'Add', 'deploy it outside of releases'],
    ['AWS::CloudFormation::Stack', 'Add', 'check its own change set, and deploy it outside of releases'],
  ])('that hides what it changes behind %s', (ResourceType, Action, fix) => {
    const got = Action === 'Add' ? 'add' : 'a change';

    expect(against({ ResourceType, Action })).toEqual([
      `coach-prod-edge: It (${ResourceType}): expected changes that are shown here, got ${got} of what makes changes of its own; ${fix}`,
    ]);
  });

  test.each([
    ['AWS::KMS::Key', 'Enabled', 'false'],
    ['AWS::RDS::DBInstance', 'BackupRetentionPeriod', '0'],
    ['AWS::RDS::DBInstance', 'PubliclyAccessible', 'true'],
    ['AWS::S3::Bucket', 'VersioningConfiguration', '{"Status":"Suspended"}'],
  ])('that leaves %s with %s %s', (ResourceType, name, value) => {
    const base = ResourceType === 'AWS::KMS::Key' ? becoming({ KeyPolicy: { Statement: [] } }) : {};

    expect(against({ ResourceType, ...base, ...property(name, value) })).toEqual([
      `coach-prod-edge: It (${ResourceType}): expected its protection to stay, got ${name} ${value}; keep it; whoever deletes a store takes its protection away first, by hand`,
    ]);
  });

  test.each([
    [
      'a role for another account',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: allow({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } }) },
    ],
    ['an identity provider', 'AWS::IAM::OIDCProvider', { Url: 'https://elsewhere.example' }],
    [
      'every role to pass',
      'AWS::IAM::Policy',
      { PolicyDocument: allow({ Action: 'iam:PassRole', Resource: 'arn:aws:iam::333333333333:role/*' }) },
    ],
    ['a policy that cannot be read', 'AWS::IAM::Policy', { PolicyDocument: { 'Fn::If': ['Wide', {}, {}] } }],
    ['a function for everybody', 'AWS::Lambda::Url', { AuthType: 'NONE' }],
    ['a bus for everybody', 'AWS::Events::EventBusPolicy', { Statement: { Effect: 'Allow', Principal: '*' } }],
    ['backups for everybody', 'AWS::Backup::BackupVault', { AccessPolicy: allow({ Principal: '*' }) }],
    ['logs for everybody', 'AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify(allow({ Principal: '*' })) }],
  ])('that brings %s', (_, ResourceType, properties) => {
    expect(against({ ResourceType, Action: 'Add', ...becoming(properties) })).toEqual([
      expect.stringMatching(new RegExp(`^coach-prod-edge: It \\(${ResourceType}\\): expected .*, got .*; .*`)),
    ]);
  });

  test.each([
    ['AWS::S3::BucketPolicy', { Action: 'Remove' }],
    ['AWS::ECS::Service', { Action: 'Remove' }],
    ['AWS::ECS::Service', { Replacement: 'True' }],
    [undefined, {}],
    ['AWS::IAM::Policy', { AfterContext: '{oops' }],
  ])('that takes away or cannot be read: %s %j', (ResourceType, change) => {
    expect(against({ ResourceType, ...change })).toHaveLength(1);
  });
});

test('a release as it is passes: a new task definition, the service that takes it, a role of this account', () => {
  const own = allow({ Principal: { AWS: 'arn:aws:iam::333333333333:root', Service: 'ecs-tasks.amazonaws.com' } });

  expect(against({ ResourceType: 'AWS::ECS::TaskDefinition', Replacement: 'True' })).toEqual([]);
  expect(against({ ResourceType: 'AWS::ECS::Service' })).toEqual([]);
  expect(against({ ResourceType: 'AWS::IAM::Role', ...becoming({ AssumeRolePolicyDocument: own }) })).toEqual([]);
});

import { describe, expect, test } from '@jest/globals';
import { maskedCopyDefinition } from '../../lib/constructs/delivery/masked-copy-definition';
import { maskedDataDefinition } from '../../lib/constructs/delivery/masked-data-definition';
import { resolve } from '../../lib/model/resolve';
import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import { allAccounts, asText } from './delivery-accounts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Arguments?: object;
}

const { States } = maskedCopyDefinition({
  ...{ instance: 'coach-prod-db', copy: 'coach-prod-masked-copy', instanceClass: 'db.t4g.small', port: 5433 },
  ...{ subnetGroup: 'subnets', group: 'sg-1', masking: 'arn:masking', topic: 'arn:topic' },
}) as { States: Record<string, State> };

/** Every state that can come after one, by success or failure. */
function after({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((way) => way.Next)].filter((name) => name !== undefined);
}

/** States that can be reached from one, without going through another. */
function reachable(from: string, without: string, found = new Set<string>()): ReadonlySet<string> {
  if (from === without || found.has(from)) return found;
  found.add(from);
  for (const next of after(States[from]!)) reachable(next, without, found);
  return found;
}

describe('a copy of production', () => {
  test('once it may be there, has no end but through its destruction', () => {
    const ends = [...reachable('Restore', 'Destroy')].filter((name) => after(States[name]!).length === 0);

    expect(ends).toEqual([]);
    expect([...reachable('Restore', 'Nowhere')]).toContain('Done');
  });

  test('is destroyed whatever goes wrong: each call from the restore on catches every error', () => {
    const calls = [...reachable('Restore', 'Destroy')].filter((name) => States[name]!.Type === 'Task');

    expect(calls).toEqual(['Restore', 'Look', 'Mask']);
    for (const name of calls)
      expect(States[name]!.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Destroy' }]);
  });

  test('that cannot be destroyed is told to people, by name', () => {
    const left = States.Destroy!.Catch!.find(({ ErrorEquals }) => ErrorEquals[0] === 'States.ALL')!;

    expect(left.Next).toBe('Tell');
    expect(JSON.stringify(left)).toContain(
      'aws rds delete-db-instance --skip-final-snapshot --db-instance-identifier coach-prod-masked-copy',
    );
  });

  test('is private, alone in its security group, and keeps no backup of its own', () => {
    expect(States.Restore!.Arguments).toMatchObject({
      ...{ PubliclyAccessible: false, VpcSecurityGroupIds: ['sg-1'], EnableIAMDatabaseAuthentication: true },
    });
    expect(States.Destroy!.Arguments).toMatchObject({ SkipFinalSnapshot: true, DeleteAutomatedBackups: true });
  });
});

test('rows that could not be taken are told to people, whatever stopped them', () => {
  const place = { cluster: 'coach-staging', subnets: ['a'], group: 'sg-2' };
  const definition = maskedDataDefinition({
    taking: 'arn:taking',
    topic: 'arn:topic',
    seed: { family: 'seed', place },
  });
  const { Take, Seed, Tell } = definition.States as Record<string, State>;

  for (const state of [Take!, Seed!])
    expect(state.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Tell' }]);
  expect(Tell!.Next).toBe('Failed');
});

describe('in their accounts', () => {
  const { templates } = allAccounts(coach);
  const [prod, staging] = ['prod', 'staging'].map((env) => templates[`coach-${env}-delivery`]!.Resources);
  const find = (resources: typeof prod, type: string) => Object.values(resources!).filter(({ Type }) => Type === type);

  test('the copy is reached by what masks it and by nothing else, and masking reaches nothing but that and APIs', () => {
    const named = new Map(
      Object.entries(prod!).flatMap(([id, { Type, Properties }]) =>
        Type === 'AWS::EC2::SecurityGroup' ? [[id, Properties.GroupDescription as string]] : [],
      ),
    );
    const ways = find(prod, 'AWS::EC2::SecurityGroupIngress').map(
      ({ Properties: { SourceSecurityGroupId, GroupId, FromPort } }) =>
        [SourceSecurityGroupId, GroupId].map((id) => named.get(asText(id).replace(/[<>]/g, ''))).join(' > ') +
        `:${FromPort}`,
    );

    expect([...named.values()].sort()).toEqual(['masked-copy', 'masking']);
    expect(ways).toEqual(['masking > masked-copy:5433']);
  });

  test("production's functions may lay rows down in staging's bucket, and read nothing of it", () => {
    const [policy] = find(staging, 'AWS::S3::BucketPolicy').map(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const allowed = policy.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');

    expect(allowed).toMatchObject([
      {
        Action: 's3:PutObject',
        Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::333333333333:role/coach-prod-delivery-*' } },
      },
    ]);
  });

  test('staging takes what is whole: it waits for the manifest', () => {
    const rules = find(staging, 'AWS::Events::Rule').flatMap(
      ({ Properties }) => Properties.EventPattern?.detail?.object ?? [],
    );

    expect(rules).toEqual([{ key: [{ suffix: '/manifest.json' }] }]);
  });

  test('dev has nothing to do with it', () => {
    expect(Object.keys(templates['coach-dev-delivery']!.Resources).filter((id) => /masked/i.test(id))).toEqual([]);
  });
});

test('an environment cannot give its data to itself, nor mask in a way that nobody knows', () => {
  const broken = (maskedData: object) => () =>
    resolve({ ...coach, delivery: { ...coach.delivery, maskedData } } as SystemConfig, 'prod');

  expect(broken({ from: 'prod', to: 'prod', columns: {} })).toThrow(
    'delivery.maskedData.to: expected another environment than from',
  );
  expect(broken({ from: 'prod', to: 'staging', columns: { people: { name: 'blur' } } })).toThrow(
    'delivery.maskedData.columns.people.name',
  );
});

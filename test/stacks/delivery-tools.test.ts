import { describe, expect, test } from '@jest/globals';
import { coach } from '../../systems/coach';
import { asText, toolsTemplate } from './delivery-accounts';

const template = toolsTemplate(coach);
const resources = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);
const NAMES = ['coach-dev', 'coach-staging', 'coach-prod'];

describe('the registry', () => {
  test('a tag never changes, and the last releases are kept', () => {
    for (const { Properties } of resources('AWS::ECR::Repository')) {
      expect(Properties).toMatchObject({
        ImageTagMutability: 'IMMUTABLE',
        EncryptionConfiguration: { EncryptionType: 'KMS' },
      });
      const { rules } = JSON.parse(Properties.LifecyclePolicy.LifecyclePolicyText);
      expect(rules.map((rule: { selection: object }) => rule.selection)).toEqual([
        { tagStatus: 'tagged', tagPrefixList: ['pr-'], countType: 'imageCountMoreThan', countNumber: 50 },
        { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 300 },
      ]);
    }
  });

  test("a pull request's build may not sign", () => {
    const signers = resources('AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('"kms:Sign"'),
    );

    expect(signers.map(({ Properties }) => Properties.PolicyName).sort()).toEqual([
      expect.stringMatching(/^prodbuildsimages/),
      expect.stringMatching(/^stagingbuildsimages/),
    ]);
  });
});

test('the code of the stacks that a release redeploys is published in the role that is there for it, and no other', () => {
  const roles = resources('AWS::IAM::Policy')
    .filter(({ Properties }) => /^prodbuildspreflight/.test(Properties.PolicyName))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }: { Action: string }) => Action === 'sts:AssumeRole')
    .flatMap(({ Resource }: { Resource: string[] }) => Resource);

  expect(roles).toEqual([
    ...['file-publishing', 'lookup'].map(
      (role) => `arn:aws:iam::333333333333:role/cdk-hnb659fds-${role}-role-333333333333-ap-southeast-1`,
    ),
  ]);
});

describe('a stage that fails', () => {
  test('is told to people and to its environment', () => {
    const rules = resources('AWS::Events::Rule').filter(
      ({ Properties }) => Properties.EventPattern.detail.state?.[0] === 'FAILED',
    );

    expect(rules.map(({ Properties }) => Properties.EventPattern.detail.pipeline[0]).sort()).toEqual([...NAMES].sort());
    for (const { Properties } of rules) {
      const [env] = Properties.EventPattern.detail.pipeline[0].split('-').slice(-1);
      const targets = Properties.Targets.map(({ Arn }: { Arn: unknown }) => asText(Arn)) as string[];
      expect(targets[0]).toMatch(/^<NoticesTopic/);
      expect(targets[1]).toMatch(new RegExp(`:event-bus/coach-${env}-delivery$`));
    }
  });
});

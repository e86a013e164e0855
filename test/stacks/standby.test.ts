import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineStandby } from '../../lib/app';
import { builtImages } from '../../lib/constructs/images';
import { resolve } from '../../lib/model/resolve';
import { coach } from '../../systems/coach';

const BACKUPS = 'arn:aws:rds:ap-northeast-1:333333333333:auto-backup:ab-0123456789abcdef';

function standby(): Map<string, Stack> {
  const app = new App({ context: JSON.parse(readFileSync('cdk.json', 'utf8')).context });
  defineStandby(app, resolve(coach, 'prod'), { images: builtImages(), restoreFrom: BACKUPS });
  return new Map(app.node.children.filter(Stack.isStack).map((stack) => [stack.stackName, stack]));
}

test('the second region stands under names of its own, and asks nothing of the first', () => {
  const stacks = standby();

  const away = [...stacks.values()].filter(({ region }) => region !== 'ap-northeast-1');
  expect(away.map(({ stackName }) => stackName)).toEqual(['coach-prod-front-door']);
  for (const part of ['network', 'data', 'gate', 'edge', 'core', 'ai', 'worker', 'scaling', 'admission'])
    expect([...stacks.keys()]).toContain(`coach-standby-${part}`);
});

test('its database starts from the last minute that was copied', () => {
  const data = Template.fromStack(standby().get('coach-standby-data')!);

  data.hasResourceProperties('AWS::RDS::DBInstance', {
    ...{ SourceDBInstanceAutomatedBackupsArn: BACKUPS, UseLatestRestorableTime: true },
    ...{ MultiAZ: true, DeletionProtection: true },
  });
});

test('the front door keeps its name and leads to the second region', () => {
  const door = JSON.stringify(Template.fromStack(standby().get('coach-prod-front-door')!).toJSON());

  expect(door).toContain('"StackName":"coach-standby-network"');
  expect(door).not.toContain('coach-prod-network');
});

test('an environment without a second region cannot stand by', () => {
  const app = new App();

  expect(() => defineStandby(app, resolve(coach, 'dev'), { images: builtImages() })).toThrow(
    'coach/dev: recoveryRegion: expected a second region, got nothing; add it to the environment',
  );
});

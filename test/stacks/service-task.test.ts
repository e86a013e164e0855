import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ServiceTask } from '../../lib/constructs/service-task';

/** What the container of a task is told, by name. */
function toldTo(environment: Readonly<Record<string, string>>): Record<string, string> {
  const stack = new Stack(new App(), 'Stack');
  new ServiceTask(stack, 'Container', {
    ...{ name: 'core', family: 'coach-core', release: 'v2', port: 8080, environment, secrets: {} },
    ...{ image: ContainerImage.fromRegistry('core'), size: { cpu: 256, memoryMiB: 512 } },
    stores: [{ environment: { DATABASE_URL: 'postgresql://db' }, secrets: {} }],
    ...{ key: new Key(stack, 'Key'), logDays: RetentionDays.ONE_WEEK },
  });
  const [task] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  const variables: { Name: string; Value: string }[] = task?.Properties.ContainerDefinitions[0].Environment;
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

describe('what a container is told', () => {
  test('its own settings cannot make it another release, or lead it to another store', () => {
    const own = {
      RELEASE_ID: 'v1',
      PORT: '1',
      STOP_TIMEOUT_MS: '0',
      DATABASE_URL: 'postgresql://other',
      COLOUR: 'red',
    };

    expect(toldTo(own)).toEqual({
      ...{ RELEASE_ID: 'v2', PORT: '8080', STOP_TIMEOUT_MS: '110000', DATABASE_URL: 'postgresql://db', COLOUR: 'red' },
    });
  });
});

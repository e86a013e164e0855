import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { awsTaskRunner } from '../../../lambda/schema/aws-task-runner';
import { type ResourceRequest, respond, whenMade } from '../../../lambda/schema/custom-resource';
import { runInOrder, type TaskRunner, type TaskState } from '../../../lambda/schema/run-in-order';
import { AwsEndpoint } from '../gate/aws-endpoint';

const RUNS: TaskState = { hasStopped: false };
const ENDED: TaskState = { hasStopped: true, exitCode: 0 };

/** Runs nothing; each look at a task is answered by the next of its states, again and again by the last. */
function runner(states: Readonly<Record<string, readonly TaskState[]>>, mostLooks = 10) {
  const log: string[] = [];
  let looks = 0;
  const port: TaskRunner = {
    start: async (family) => {
      log.push(family);
      return family;
    },
    look: async (task) => states[task]![Math.min(looks++, states[task]!.length - 1)]!,
    pause: async () => void log.push('pause'),
    isLate: () => looks >= mostLooks,
  };
  return { port, log };
}

describe('tasks in order', () => {
  test('each begins when the one before has ended well', async () => {
    const { port, log } = runner({ roles: [RUNS, ENDED], migrate: [ENDED] });

    await runInOrder(port, ['roles', 'migrate', 'roles']);

    expect(log).toEqual(['roles', 'pause', 'migrate', 'roles']);
  });

  test('one that fails says so, and those after it do not run', async () => {
    const { port, log } = runner({
      roles: [ENDED],
      migrate: [{ ...ENDED, exitCode: 1, reason: 'Essential container' }],
    });

    await expect(runInOrder(port, ['roles', 'migrate', 'seed'])).rejects.toThrow(
      'migrate: expected it to end with 0, got 1 (Essential container); read its log, then deploy again',
    );
    expect(log).toEqual(['roles', 'migrate']);
  });

  test('one whose image cannot be pulled has no exit code', async () => {
    const { port } = runner({ roles: [{ hasStopped: true, reason: 'CannotPullContainerError' }] });

    await expect(runInOrder(port, ['roles'])).rejects.toThrow(
      'roles: expected it to end with 0, got no exit code (CannotPullContainerError); read its log, then deploy again',
    );
  });

  test('one that hangs is given up while there is still time to say so', async () => {
    const { port } = runner({ roles: [RUNS] }, 3);

    await expect(runInOrder(port, ['roles'])).rejects.toThrow(
      'roles: expected it to end in time, got roles, which still runs',
    );
  });
});

describe('on ECS', () => {
  let endpoint: AwsEndpoint;
  afterEach(() => endpoint?.close());

  const config = { cluster: 'coach-dev', subnets: ['subnet-a', 'subnet-b'], group: 'sg-tasks', families: [] };

  test('a task runs on Fargate in private subnets, and its end and its code are read', async () => {
    endpoint = await AwsEndpoint.open(({ headers }) =>
      String(headers['x-amz-target']).endsWith('RunTask')
        ? { body: JSON.stringify({ tasks: [{ taskArn: 'arn:task' }], failures: [] }) }
        : { body: JSON.stringify({ tasks: [{ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] }] }) },
    );
    const port = awsTaskRunner(new ECSClient(endpoint.client), config, () => false);

    expect(await port.look(await port.start('coach-dev-migrate'))).toEqual({ hasStopped: true, exitCode: 0 });
    expect(JSON.parse(endpoint.calls[0]!.body)).toMatchObject({
      ...{ cluster: 'coach-dev', taskDefinition: 'coach-dev-migrate', launchType: 'FARGATE', startedBy: 'first-run' },
      networkConfiguration: {
        awsvpcConfiguration: {
          ...{ subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-tasks'], assignPublicIp: 'DISABLED' },
        },
      },
    });
  });

  test('a task that there is no room for is an error', async () => {
    endpoint = await AwsEndpoint.open(() => ({
      body: JSON.stringify({ tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] }),
    }));
    const port = awsTaskRunner(new ECSClient(endpoint.client), config, () => false);

    await expect(port.start('coach-dev-seed')).rejects.toThrow('coach-dev-seed: expected a task, got RESOURCE:CPU');
  });
});

describe('what CloudFormation is told', () => {
  const request = (
    RequestType: ResourceRequest['RequestType'],
    ResponseURL = 'http://127.0.0.1/',
  ): ResourceRequest => ({
    ...{ RequestType, ResponseURL, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Once' },
  });
  const about = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Once', PhysicalResourceId: 'Once' };
  const never = () => Promise.reject(new Error('it ran'));

  test('the work is done when the resource is made, and a failure is an answer', async () => {
    expect(await whenMade(request('Create'), async () => undefined)).toEqual({ ...about, Status: 'SUCCESS' });
    expect(await whenMade(request('Create'), never)).toEqual({ ...about, Status: 'FAILED', Reason: 'it ran' });
  });

  test.each(['Update', 'Delete'] as const)(
    'nothing is done at %s, so that no release and no way back runs it',
    async (kind) => {
      expect(await whenMade(request(kind), never)).toEqual({ ...about, Status: 'SUCCESS' });
    },
  );

  test('it is put where CloudFormation asked for it, and a refusal is an error', async () => {
    const got: string[] = [];
    const server = createServer((call, answer) => {
      call.on('data', (part) => got.push(`${call.method} ${call.headers['content-type'] ?? ''} ${part}`));
      call.on('end', () => answer.writeHead(call.url === '/taken' ? 200 : 403).end());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await whenMade(request('Delete'), never);

    await respond(request('Delete', `${url}/taken`), response);
    await expect(respond(request('Delete', `${url}/refused`), response)).rejects.toThrow(
      'CloudFormation: expected to take the response, got 403',
    );

    server.close();
    expect(got[0]).toBe(`PUT  ${JSON.stringify(response)}`);
  });
});

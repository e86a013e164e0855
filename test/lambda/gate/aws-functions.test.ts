import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { awsNotices } from '../../../lambda/gate/aws-notices';
import { awsSchedule } from '../../../lambda/gate/aws-schedule';
import { awsSmoke } from '../../../lambda/gate/aws-smoke';
import { AwsEndpoint, awsError, inTurn } from './aws-endpoint';

let endpoint: AwsEndpoint;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open();
});

afterEach(() => endpoint.close());

describe('notices', () => {
  const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:releases';
  const notices = () => awsNotices(new SNSClient(endpoint.client), TOPIC);
  const sent = () => endpoint.calls.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  beforeEach(() => {
    endpoint.answer = () => ({ body: '<PublishResponse><PublishResult/></PublishResponse>' });
  });

  test('go to the topic, with a subject that SNS takes and the whole text', async () => {
    await notices().notify(`v2: rollback\n– login ${'x'.repeat(200)}`, 'login: 8 of 40 über 250 ms');

    const [{ TopicArn, Subject, Message } = {}] = sent();
    expect(TopicArn).toBe(TOPIC);
    expect(Subject).toMatch(/^v2: rollback login x+$/);
    expect(Subject).toHaveLength(100);
    expect(Message).toBe('login: 8 of 40 über 250 ms');
  });

  test('that cannot be sent are logged, and the gate goes on', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    endpoint.answer = () => ({
      status: 403,
      body: '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>',
    });

    await notices().notify('v2: promote', 'certified');

    expect(JSON.parse(String(written.mock.lastCall?.[0]))).toMatchObject({
      ...{ message: 'could not tell people', subject: 'v2: promote' },
    });
    written.mockRestore();
  });
});

describe('a smoke test', () => {
  const SERVICES = [
    { name: 'edge', lane: 'front' },
    { name: 'core', lane: 'inner' },
  ] as const;
  const smoke = () => awsSmoke(new LambdaClient(endpoint.client), 'coach-prod-prober', SERVICES);

  test('is asked of the prober, which says what answered', async () => {
    const answer = { release: 'v2', healthy: true, detail: '200' };
    endpoint.answer = () => ({ body: answer });

    expect(await smoke().ask('core')).toEqual(answer);
    expect(endpoint.calls).toMatchObject([
      {
        path: '/2015-03-31/functions/coach-prod-prober/invocations',
        body: JSON.stringify({ call: 'smoke', service: 'core', lane: 'inner' }),
      },
    ]);
  });

  test('whose prober throws, or cannot be called, is answered by nobody', async () => {
    const error = { errorType: 'Error', errorMessage: 'innerUrls.core: expected the URL of its test rule' };
    endpoint.answer = () => ({ body: error, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(await smoke().ask('core')).toEqual({
      ...{ release: undefined, healthy: false },
      detail: 'coach-prod-prober: innerUrls.core: expected the URL of its test rule',
    });

    endpoint.answer = () => awsError('AccessDeniedException', 403);
    expect(await smoke().ask('core')).toMatchObject({ release: undefined, healthy: false });
  });
});

describe('the clock of the prober', () => {
  const STORED = {
    ...{ Name: 'prober', GroupName: 'coach', State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' },
    ...{ FlexibleTimeWindow: { Mode: 'OFF' }, Arn: 'arn:schedule', CreationDate: 1, LastModificationDate: 2 },
    Target: {
      Arn: 'arn:prober',
      RoleArn: 'arn:role',
      Input: '{"call":"minute"}',
      RetryPolicy: { MaximumRetryAttempts: 0 },
    },
  };
  const clock = (name = 'coach/prober') => awsSchedule(new SchedulerClient(endpoint.client), name);

  beforeEach(() => {
    endpoint.answer = ({ method }) => ({ body: method === 'GET' ? STORED : { ScheduleArn: 'arn:schedule' } });
  });

  test('is started with everything else of it as it was', async () => {
    await clock().start();

    const [read, write] = endpoint.calls;
    expect([read?.method, read?.path, read?.query.get('groupName')]).toEqual(['GET', '/schedules/prober', 'coach']);
    expect([write?.method, write?.path]).toEqual(['PUT', '/schedules/prober']);
    expect(JSON.parse(write?.body ?? '')).toMatchObject({
      ...{ GroupName: 'coach', State: 'ENABLED', ScheduleExpression: 'rate(1 minute)' },
      ...{ FlexibleTimeWindow: { Mode: 'OFF' }, Target: STORED.Target },
    });
  });

  test('that already stands is left alone', async () => {
    await clock('prober').stop();

    expect(endpoint.calls.map(({ method }) => method)).toEqual(['GET']);
  });

  test('that is refused for the rate of calls is turned at the next try', async () => {
    endpoint.answer = inTurn({ body: STORED }, { ...awsError('ThrottlingException', 429) }, { body: {} });

    await clock().start();

    expect(endpoint.calls.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT']);
  });
});

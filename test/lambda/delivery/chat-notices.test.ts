import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chatNotices } from '../../../lambda/delivery/chat-notices';
import { AwsEndpoint } from '../gate/aws-endpoint';

let endpoint: AwsEndpoint;

beforeEach(async () => {
  endpoint = await AwsEndpoint.open(() => ({ body: '<PublishResponse><PublishResult/></PublishResponse>' }));
});

afterEach(() => endpoint.close());

test('people are told in the form that each of them reads', async () => {
  await chatNotices(new SNSClient(endpoint.client), 'arn:topic').notify(
    'v2: released',
    'v2 serves everybody\n1 commit',
  );

  const sent = new URLSearchParams(endpoint.calls[0]!.body);
  expect([sent.get('Subject'), sent.get('MessageStructure')]).toEqual(['v2: released', 'json']);
  const { default: mail, https } = JSON.parse(sent.get('Message')!);
  expect(mail).toBe('v2 serves everybody\n1 commit');
  expect(JSON.parse(https)).toEqual({
    ...{ version: '1.0', source: 'custom' },
    content: { textType: 'client-markdown', title: 'v2: released', description: 'v2 serves everybody\n1 commit' },
  });
});

test('a topic that refuses is logged, and stops nobody', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  endpoint.answer = () => ({
    status: 403,
    body: '<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>',
  });

  await chatNotices(new SNSClient(endpoint.client), 'arn:topic').notify('v2: taken back', 'why');

  expect(String(written.mock.calls[0]![0])).toContain('could not tell people');
  written.mockRestore();
});

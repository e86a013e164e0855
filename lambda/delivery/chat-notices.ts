import type { SNSClient } from '@aws-sdk/client-sns';
import { awsNotices, type TopicMessage } from '../gate/aws-notices';
import type { NoticePort } from '../gate/ports';

/**
 * Tells people by a topic, in the form that each of them reads: mail as text, Amazon Q in chat applications, which subscribes by HTTPS,
 * as a custom notification.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatNotices(sns: SNSClient, topicArn: string): NoticePort {
  return awsNotices(sns, topicArn, forMailAndChat);
}

function forMailAndChat(subject: string, text: string): TopicMessage {
  const content = { textType: 'client-markdown', title: subject, description: text };
  const message = { default: text, https: JSON.stringify({ version: '1.0', source: 'custom', content }) };
  return { MessageStructure: 'json', Message: JSON.stringify(message) };
}

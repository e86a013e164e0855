import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { NoticePort } from '../gate/ports';
import { writeLog } from '../log';

/** Most that SNS takes as a subject, in characters: printable ASCII on one line. */
const MOST_SUBJECT = 100;

/**
 * Tells people by a topic, in the form that each of them reads: mail as text, Amazon Q in chat applications, which subscribes by HTTPS,
 * as a custom notification. A topic that cannot be reached is logged and never fails the caller.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatNotices(sns: SNSClient, topicArn: string): NoticePort {
  return {
    notify: async (subject, text) => {
      const plain = text || subject;
      const content = { textType: 'client-markdown', title: subject, description: plain };
      const message = { default: plain, https: JSON.stringify({ version: '1.0', source: 'custom', content }) };
      try {
        await sns.send(
          new PublishCommand({
            ...{ TopicArn: topicArn, Subject: asSubject(subject), MessageStructure: 'json' },
            Message: JSON.stringify(message),
          }),
        );
      } catch (error) {
        writeLog('could not tell people', { subject, error });
      }
    },
  };
}

function asSubject(text: string): string {
  return text
    .replaceAll(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, MOST_SUBJECT);
}

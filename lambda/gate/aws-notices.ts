import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { writeLog } from '../log';
import type { NoticePort } from './ports';

/** Most that SNS takes as a subject, in characters: printable ASCII on one line. */
const MOST_SUBJECT = 100;

/** A message as SNS takes it: text, or JSON with a form for each protocol. */
export interface TopicMessage {
  readonly Message: string;
  readonly MessageStructure?: 'json';
}

/**
 * Tells people by a topic. A topic that cannot be reached is logged and never fails the caller.
 *
 * @param inForm the message made of a subject and a text, which is the subject where there is none
 */
export function awsNotices(
  sns: SNSClient,
  topicArn: string,
  inForm: (subject: string, text: string) => TopicMessage = asText,
): NoticePort {
  return {
    notify: async (subject, text) => {
      const message = inForm(subject, text || subject);
      try {
        await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: asSubject(subject), ...message }));
      } catch (error) {
        writeLog('could not tell people', { subject, error });
      }
    },
  };
}

function asText(_subject: string, text: string): TopicMessage {
  return { Message: text };
}

function asSubject(text: string): string {
  return text
    .replaceAll(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, MOST_SUBJECT);
}

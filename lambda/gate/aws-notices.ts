import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { writeLog } from '../log';
import type { NoticePort } from './ports';

/** Most that SNS takes as a subject, in characters: printable ASCII on one line. */
const MOST_SUBJECT = 100;

/** Tells people by a topic. A topic that cannot be reached is logged and never fails the caller. */
export function awsNotices(sns: SNSClient, topicArn: string): NoticePort {
  return {
    notify: async (subject, text) => {
      try {
        await sns.send(
          new PublishCommand({ TopicArn: topicArn, Subject: asSubject(subject), Message: text || subject }),
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

import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Days as CloudWatch Logs counts them. */
export function retention(days: 7 | 14 | 90): RetentionDays {
  return { 7: RetentionDays.ONE_WEEK, 14: RetentionDays.TWO_WEEKS, 90: RetentionDays.THREE_MONTHS }[days];
}

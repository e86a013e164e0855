import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { OrderPorts } from '../../delivery/order/ports';

/** Most names that one call takes. */
const MOST_NAMES = 100;

/**
 * Deployment alarms in CloudWatch. One that is missing cannot warn, so it counts as firing.
 *
 * @param names of every deployment alarm, at most 100
 */
export function awsAlarms(cloudWatch: CloudWatchClient, names: readonly string[]): OrderPorts['alarms'] {
  return {
    firing: async () => {
      if (names.length === 0) return [];
      const { MetricAlarms = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: names.slice(0, MOST_NAMES), AlarmTypes: ['MetricAlarm'] }),
      );
      const quiet = MetricAlarms.flatMap(({ AlarmName, StateValue }) => (StateValue === 'ALARM' ? [] : AlarmName));
      return names.filter((name) => !quiet.includes(name));
    },
  };
}

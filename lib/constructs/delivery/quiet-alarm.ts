import { Alarm, AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** One alarm for a pipeline to look at before it begins: it rings while any alarm of a deployment does. */
export function quietAlarm(
  scope: Construct,
  { name, alarms }: { readonly name: string; readonly alarms: readonly string[] },
): CompositeAlarm {
  const ringing = alarms.map((alarm) =>
    AlarmRule.fromAlarm(Alarm.fromAlarmName(scope, alarm, alarm), AlarmState.ALARM),
  );
  return new CompositeAlarm(scope, 'Quiet', {
    compositeAlarmName: name,
    alarmDescription: 'Any alarm of a deployment; no release begins while it rings',
    alarmRule: AlarmRule.anyOf(...ringing),
  });
}

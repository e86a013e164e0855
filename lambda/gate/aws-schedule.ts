import { GetScheduleCommand, type SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import type { SchedulePort } from './ports';

/** @param schedule its name, or `<group>/<name>` outside the default group */
export function awsSchedule(scheduler: SchedulerClient, schedule: string): SchedulePort {
  const [Name = '', GroupName] = schedule.split('/').reverse();
  return {
    start: () => turn(scheduler, { Name, GroupName }, 'ENABLED'),
    stop: () => turn(scheduler, { Name, GroupName }, 'DISABLED'),
  };
}

/** An update replaces the whole schedule, so everything else is given back as it was read. */
async function turn(
  scheduler: SchedulerClient,
  schedule: { readonly Name: string; readonly GroupName: string | undefined },
  state: 'ENABLED' | 'DISABLED',
): Promise<void> {
  const {
    $metadata: _,
    Arn: __,
    CreationDate: ___,
    LastModificationDate: ____,
    ...current
  } = await scheduler.send(new GetScheduleCommand(schedule));
  if (current.State === state) return;
  const { ScheduleExpression, FlexibleTimeWindow, Target } = current;
  await scheduler.send(
    new UpdateScheduleCommand({
      ...current,
      ...schedule,
      State: state,
      ScheduleExpression,
      FlexibleTimeWindow,
      Target,
    }),
  );
}

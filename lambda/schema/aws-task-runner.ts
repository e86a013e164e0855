import { setTimeout as delay } from 'node:timers/promises';
import { type AwsVpcConfiguration, DescribeTasksCommand, type ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import type { FirstRunConfig } from '../../lib/model/first-run-config';
import type { TaskRunner } from './run-in-order';

const LOOK_EVERY_MS = 5_000;

/** Tasks of an environment, on Fargate. */
export function awsTaskRunner(ecs: ECSClient, config: FirstRunConfig, isLate: () => boolean): TaskRunner {
  const { cluster, subnets, group } = config;
  const awsvpcConfiguration: AwsVpcConfiguration = {
    ...{ subnets: [...subnets], securityGroups: [group], assignPublicIp: 'DISABLED' },
  };
  return {
    start: async (family) => {
      const { tasks = [], failures = [] } = await ecs.send(
        new RunTaskCommand({
          ...{ cluster, taskDefinition: family, launchType: 'FARGATE', startedBy: 'first-run' },
          networkConfiguration: { awsvpcConfiguration },
        }),
      );
      const arn = tasks[0]?.taskArn;
      if (arn) return arn;
      throw new Error(`${family}: expected a task, got ${failures[0]?.reason ?? 'none'}`);
    },
    look: async (task) => {
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      const { lastStatus, stoppedReason: reason, containers = [] } = tasks[0] ?? {};
      return { hasStopped: lastStatus === 'STOPPED', exitCode: containers[0]?.exitCode, reason };
    },
    pause: () => delay(LOOK_EVERY_MS),
    isLate,
  };
}

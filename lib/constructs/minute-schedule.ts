import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge, OWN_POLICY } from './acknowledge';

export interface MinuteScheduleProps {
  readonly name: string;
  readonly target: IFunction;
}

/** Once a minute, but only while the gate has it enabled: from the first hook of a release to the end of its last deployment. */
export class MinuteSchedule extends Construct {
  constructor(scope: Construct, id: string, { name, target }: MinuteScheduleProps) {
    super(scope, id);
    const invoke = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] });
    const role = new Role(this, 'Role', {
      roleName: MinuteSchedule.roleName(name),
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
    acknowledge(role, OWN_POLICY);
    new CfnSchedule(this, 'Schedule', {
      ...{ name, state: 'DISABLED', scheduleExpression: 'rate(1 minute)', flexibleTimeWindow: { mode: 'OFF' } },
      target: {
        ...{ arn: target.functionArn, roleArn: role.roleArn, input: JSON.stringify({ call: 'minute' }) },
        // a minute that was missed is missed: probing it twice later would only crowd the next
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
  }

  static roleName(schedule: string): string {
    return `${schedule}-schedule`;
  }
}

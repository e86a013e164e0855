import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { OfficeHours } from '../model/tiers';
import { acknowledge, OWN_POLICY } from './acknowledge';

export interface DatabaseHoursProps {
  readonly identifier: string;
  readonly hours: OfficeHours;
}

/** Stops a database at night. A stopped one starts by itself after seven days, so it is stopped every day, working day or not. */
export class DatabaseHours extends Construct {
  constructor(scope: Construct, id: string, { identifier, hours }: DatabaseHoursProps) {
    super(scope, id);
    const { from, to, weekDays } = hours;
    const roleArn = this.role(identifier).roleArn;
    this.schedule('Start', roleArn, {
      identifier,
      call: 'startDBInstance',
      cron: `0 ${from - 1} ? * ${weekDays} *`,
      hours,
    });
    this.schedule('Stop', roleArn, { identifier, call: 'stopDBInstance', cron: `30 ${to} ? * * *`, hours });
  }

  private role(identifier: string): Role {
    const arn = Stack.of(this).formatArn({ service: 'rds', resource: `db:${identifier}` });
    const control = new PolicyStatement({ actions: ['rds:StartDBInstance', 'rds:StopDBInstance'], resources: [arn] });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: { Control: new PolicyDocument({ statements: [control] }) },
    });
    acknowledge(role, OWN_POLICY);
    return role;
  }

  private schedule(
    id: string,
    roleArn: string,
    { identifier, call, cron, hours }: { identifier: string; call: string; cron: string; hours: OfficeHours },
  ): void {
    new CfnSchedule(this, id, {
      ...{ scheduleExpression: `cron(${cron})`, scheduleExpressionTimezone: hours.timeZone },
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        ...{ arn: `arn:${Stack.of(this).partition}:scheduler:::aws-sdk:rds:${call}`, roleArn },
        input: JSON.stringify({ DbInstanceIdentifier: identifier }),
      },
    });
  }
}

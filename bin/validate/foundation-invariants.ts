import type { Assembly, SynthesizedStack } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those, values } from './resources';

/** What must hold of what everything else stands on: network, data, alarms, rights, and how stacks hang together. */
export function foundationFaults(assembly: Assembly): readonly Fault[] {
  return [
    ...assembly.stacks.flatMap((stack) => stackFaults(assembly, stack)),
    ...all(assembly, 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress').flatMap(openToAll),
    ...privateRoutes(assembly),
    ...all(assembly, 'AWS::RDS::DBInstance').flatMap((database) => databaseFaults(assembly, database)),
    ...all(assembly, 'AWS::ElastiCache::ReplicationGroup').flatMap((cache) => cacheFaults(assembly, cache)),
    ...all(assembly, 'AWS::S3::Bucket').flatMap(bucketFaults),
    ...all(assembly, 'AWS::CloudWatch::Alarm').flatMap(alarmFaults),
    ...all(assembly, 'AWS::CloudWatch::Dashboard').flatMap(dashboardFaults),
    ...all(assembly, 'AWS::IAM::Policy', 'AWS::IAM::Role').flatMap(policyFaults),
    ...all(assembly, 'AWS::Scheduler::Schedule').flatMap(scheduleFaults),
    ...all(assembly, 'AWS::Lambda::Function').flatMap(functionFaults),
  ];
}

/** Every import has its export, made by a stack that is deployed before. */
function stackFaults(assembly: Assembly, stack: SynthesizedStack): readonly Fault[] {
  const imports = Object.entries(stack.template.Resources).flatMap(([id, resource]) =>
    values({ ...resource, id, stack }, (key) => key === 'Fn::ImportValue' || key === 'Fn::GetStackOutput').map(
      (operand) => {
        const kind = typeof operand === 'string' ? 'Fn::ImportValue' : 'Fn::GetStackOutput';
        return { id, from: follow(assembly, stack, { [kind]: operand }) };
      },
    ),
  );
  return imports.flatMap(({ id, from }) => {
    if (from.startsWith('no ')) return [fault('cross-stack', { stack, id }, from)];
    const producer = from.split('/')[0] ?? '';
    return stack.after.includes(producer)
      ? []
      : [fault('cross-stack', { stack, id }, `${producer} is not deployed before`)];
  });
}

const ANYWHERE = ['0.0.0.0/0', '::/0'];

function openToAll(group: Placed): readonly Fault[] {
  const rules = group.Properties.SecurityGroupIngress ?? [group.Properties];
  const open = rules.some(({ CidrIp, CidrIpv6 }: Record<string, string>) =>
    ANYWHERE.includes(CidrIp ?? CidrIpv6 ?? ''),
  );
  return open ? [fault('network', group, 'anybody may come in')] : [];
}

/** A subnet without public addresses has one way out at most, and never the internet gateway. */
function privateRoutes(assembly: Assembly): readonly Fault[] {
  const open = all(assembly, 'AWS::EC2::Route').filter(({ Properties }) => Properties.GatewayId);
  return open.flatMap((route) => {
    const table = follow(assembly, route.stack, route.Properties.RouteTableId);
    return /public/i.test(table)
      ? []
      : [fault('network', route, 'a private subnet with a route to the internet gateway')];
  });
}

function databaseFaults(assembly: Assembly, database: Placed): readonly Fault[] {
  const { Properties, stack, DeletionPolicy } = database;
  const parameters = target(assembly, stack, Properties.DBParameterGroupName)?.Properties.Parameters ?? {};
  const keeps = assembly.model.tier.retain;
  return those(
    [!Properties.StorageEncrypted, 'storage in the clear'],
    [Properties.PubliclyAccessible, 'a public address'],
    [String(parameters['rds.force_ssl']) !== '1', 'connections without TLS'],
    [!Properties.EnableIAMDatabaseAuthentication, 'no tokens'],
    [
      !Properties.SourceDBInstanceIdentifier && !(Properties.BackupRetentionPeriod >= 7),
      'backups of less than seven days',
    ],
    [
      keeps && !(DeletionPolicy === 'Retain' && Properties.DeletionProtection && stack.protected),
      'data that can be deleted',
    ],
  ).map((text) => fault('data', database, text));
}

function cacheFaults(assembly: Assembly, cache: Placed): readonly Fault[] {
  const { Properties, stack } = cache;
  const parameters = target(assembly, stack, Properties.CacheParameterGroupName)?.Properties.Properties ?? {};
  return those(
    [parameters['maxmemory-policy'] !== 'noeviction', 'a queue that may be evicted'],
    [Properties.AutomaticFailoverEnabled && !(Properties.ReplicasPerNodeGroup >= 1), 'a failover to no replica'],
    [!Properties.TransitEncryptionEnabled || !Properties.AtRestEncryptionEnabled, 'data in the clear'],
    [!Properties.UserGroupIds, 'users without names'],
  ).map((text) => fault('data', cache, text));
}

function bucketFaults(bucket: Placed): readonly Fault[] {
  const { PublicAccessBlockConfiguration: block = {}, VersioningConfiguration, BucketEncryption } = bucket.Properties;
  return those(
    [Object.values(block).filter(Boolean).length < 4, 'a bucket that can be made public'],
    [VersioningConfiguration?.Status !== 'Enabled', 'a bucket without versions'],
    [!BucketEncryption, 'a bucket in the clear'],
  ).map((text) => fault('data', bucket, text));
}

const TARGET_GROUP = 'TargetGroup';

/** Legal periods, a threshold, a word about silence, and never one of two groups that swap roles. */
function alarmFaults(alarm: Placed): readonly Fault[] {
  const { Threshold, ThresholdMetricId, TreatMissingData, AlarmDescription = '', Metrics = [] } = alarm.Properties;
  const periods = values(alarm, (key) => key === 'Period') as number[];
  const groups = values(alarm, (_, value) => (value as { Name?: string } | null)?.Name === TARGET_GROUP);
  return those(
    [Threshold === undefined && ThresholdMetricId === undefined, 'no threshold'],
    [periods.some((period) => ![10, 20, 30].includes(period) && period % 60 !== 0), `period ${periods}`],
    [!TreatMissingData, 'nothing said of silence'],
    [!/Runbook: [a-z-]+$/.test(AlarmDescription), 'a description that leads to no section of the runbook'],
    [groups.length === 1 || (groups.length > 0 && Metrics.length < 2), 'one target group of two'],
  ).map((text) => fault('alarm', alarm, text));
}

function dashboardFaults(dashboard: Placed): readonly Fault[] {
  const { DashboardBody: body } = dashboard.Properties;
  const text =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'x')).join('');
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [fault('dashboard', dashboard, (error as Error).message)];
  }
}

function policyFaults(policy: Placed): readonly Fault[] {
  const statements = values(policy, (key) => key === 'Statement').flat() as Record<string, unknown>[];
  const everything = statements.some(
    ({ Action, Resource, Effect }) => Effect === 'Allow' && Action === '*' && Resource === '*',
  );
  const trusts = (policy.Properties.AssumeRolePolicyDocument?.Statement ?? []) as Record<string, unknown>[];
  return those(
    [everything, 'every action on every resource'],
    [trusts.some(({ Resource }) => Resource !== undefined), 'a trust policy that names a resource'],
  ).map((text) => fault('rights', policy, text));
}

const EXPRESSION =
  /^(rate\(1 (minute|hour|day)\)|rate\(([2-9]|\d{2,}) (minutes|hours|days)\)|cron\((\S+ ){5}\S+\)|at\(\S+\))$/;

function scheduleFaults(schedule: Placed): readonly Fault[] {
  const { ScheduleExpression, State, Name } = schedule.Properties;
  return those(
    [!EXPRESSION.test(ScheduleExpression), `${ScheduleExpression} is no schedule`],
    [/-prober$/.test(Name ?? '') && State !== 'DISABLED', 'probes while nothing is released'],
  ).map((text) => fault('schedule', schedule, text));
}

/** Lambda takes 4 KB of environment, names and values together. */
const MOST_ENVIRONMENT_BYTES = 4_096;

function functionFaults(lambda: Placed): readonly Fault[] {
  const variables = lambda.Properties.Environment?.Variables ?? {};
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  return those([bytes > MOST_ENVIRONMENT_BYTES, `${bytes} bytes of environment`]).map((text) =>
    fault('function', lambda, text),
  );
}

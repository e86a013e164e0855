import { physicalName } from '../../lib/model/names';
import type { SystemModel } from '../../lib/model/system';
import type { Assembly, SynthesizedStack } from './assembly';
import { all, type Fault, fault, follow, type Placed, those, values } from './resources';

/** What must hold of what everything else stands on: alarms, logs, schedules, functions, and how stacks hang together. */
export function foundationFaults(assembly: Assembly): readonly Fault[] {
  return [
    ...assembly.stacks.flatMap((stack) => stackFaults(assembly, stack)),
    ...all(assembly, 'AWS::CloudWatch::Alarm').flatMap(alarmFaults),
    ...missingAlarms(assembly),
    ...all(assembly, 'AWS::CloudWatch::Dashboard').flatMap(dashboardFaults),
    ...all(assembly, 'AWS::Scheduler::Schedule').flatMap(scheduleFaults),
    ...all(assembly, 'AWS::Lambda::Function').flatMap(functionFaults),
    ...all(assembly, 'AWS::Logs::LogGroup').flatMap((log) => logFaults(assembly, log)),
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

const TARGET_GROUP = 'TargetGroup';

/** Legal periods, a threshold, a word about silence, and never one of two groups that swap roles. */
function alarmFaults(alarm: Placed): readonly Fault[] {
  const { Threshold, ThresholdMetricId, TreatMissingData, AlarmDescription = '', Metrics = [] } = alarm.Properties;
  const { AlarmActions = [], ActionsEnabled } = alarm.Properties;
  const periods = values(alarm, (key) => key === 'Period') as number[];
  const groups = values(alarm, (_, value) => (value as { Name?: string } | null)?.Name === TARGET_GROUP);
  return those(
    [Threshold === undefined && ThresholdMetricId === undefined, 'no threshold'],
    [periods.some((period) => ![10, 20, 30].includes(period) && period % 60 !== 0), `period ${periods}`],
    [!TreatMissingData, 'nothing said of silence'],
    [!/Runbook: [a-z-]+$/.test(AlarmDescription), 'a description that leads to no section of the runbook'],
    [!AlarmActions.length || ActionsEnabled === false, 'an alarm that tells nobody'],
    [groups.length === 1 || (groups.length > 0 && Metrics.length < 2), 'one target group of two'],
  ).map((text) => fault('alarm', alarm, text));
}

/** What the system must be told of: each objective, each queue, each store, and what users and services get. */
function missingAlarms(assembly: Assembly): readonly Fault[] {
  const names = new Set(all(assembly, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmName));
  const stack = assembly.stacks.find(({ name }) => name.endsWith('-observability'))!;
  return wantedAlarms(assembly.model)
    .map((name) => physicalName(assembly.model, name))
    .filter((name) => !names.has(name))
    .map((name) => fault('alarm', { stack, id: name }, `no alarm ${name}`));
}

function wantedAlarms({ services, stores, probes, rollout, tier }: SystemModel): readonly string[] {
  const silence = tier.hours ? [] : ['-silent'];
  return [
    ...Object.values(services).flatMap(({ name, role, queues }) => [
      ...(role === 'front' ? [`${name}-errors`, 'delivery-lag'] : []),
      ...(role === 'inner' ? [`${name}-latency`] : []),
      ...queues.flatMap((queue) => ['', ...silence].map((what) => `queue-${queue}${what}`)),
    ]),
    ...Object.entries(stores).flatMap(([name, { kind }]) => {
      if (kind === 'postgres') return ['cpu', 'storage', 'locks'].map((what) => `${name}-${what}`);
      return kind === 'cache' && tier.cache.kind === 'nodes' ? [`${name}-evictions`, `${name}-memory`] : [];
    }),
    ...(rollout.kind === 'canary' ? probes.filter(({ kind }) => kind !== 'traffic').map(({ id }) => `slo-${id}`) : []),
  ];
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
  const { Runtime, ReservedConcurrentExecutions: reserved } = lambda.Properties;
  return those(
    [bytes > MOST_ENVIRONMENT_BYTES, `${bytes} bytes of environment`],
    [!SUPPORTED_NODE.test(Runtime), `runtime ${Runtime}`],
    [reserved === 0, 'a function that may never run'],
  ).map((text) => fault('function', lambda, text));
}

/** Node.js 22 and what comes after it. */
const SUPPORTED_NODE = /^nodejs(2[2-9]|[3-9]\d)\.x$/;

/** The environment's key is in its own region alone. */
function logFaults({ model }: Assembly, log: Placed): readonly Fault[] {
  const { RetentionInDays, KmsKeyId } = log.Properties;
  return those(
    [!RetentionInDays, 'a log that is kept for ever'],
    [!KmsKeyId && log.stack.region === model.region, 'a log in the clear'],
  ).map((text) => fault('log', log, text));
}

import { CANARY_PERCENT, FARGATE_MEMORY_MIB, MOST_BAKE_MINUTES } from '../../lib/model/limits';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those } from './resources';

type Check = (assembly: Assembly, service: Placed) => readonly string[];

const GATED = ['CANARY', 'BLUE_GREEN'];
const STAGES = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'];

/** What must hold of every service, so that a release can be judged and taken back. */
export function releaseFaults(assembly: Assembly): readonly Fault[] {
  return all(assembly, 'AWS::ECS::Service').flatMap((service) =>
    CHECKS.flatMap(([rule, check]) => check(assembly, service).map((says) => fault(rule, service, says))),
  );
}

const strategyIsWhole: Check = (_, { Properties: { DeploymentConfiguration: how = {}, LoadBalancers = [] } }) => {
  const { Strategy, CanaryConfiguration: canary, BakeTimeInMinutes: bake } = how;
  const gated = GATED.includes(Strategy);
  const bakes = sum(bake, canary?.CanaryBakeTimeInMinutes);
  return those(
    [
      gated && !LoadBalancers[0]?.AdvancedConfiguration?.AlternateTargetGroupArn,
      `${Strategy} without an alternate group`,
    ],
    [canary && Strategy !== 'CANARY', 'a canary configuration under another strategy'],
    [Strategy === 'CANARY' && !isPercent(canary?.CanaryPercent), 'no legal canary percent'],
    [gated && bake === undefined, 'no bake time'],
    [bakes > MOST_BAKE_MINUTES, `${bakes} minutes of bakes, more than CloudFormation takes`],
  );
};

function sum(...minutes: readonly (number | undefined)[]): number {
  return minutes.reduce<number>((total, part = 0) => total + part, 0);
}

function isPercent(percent: unknown): boolean {
  return typeof percent === 'number' && percent >= CANARY_PERCENT.least && percent <= CANARY_PERCENT.most / 2;
}

const breakerRollsBack: Check = (_, { Properties }) => {
  const { Enable, Rollback } = Properties.DeploymentConfiguration?.DeploymentCircuitBreaker ?? {};
  return Enable && Rollback ? [] : ['no circuit breaker that rolls back'];
};

const gateIsAsked: Check = (_, { Properties: { DeploymentConfiguration: how = {} } }) => {
  if (!GATED.includes(how.Strategy)) return [];
  const [hook] = how.LifecycleHooks ?? [];
  if (!hook) return ['no lifecycle hook'];
  return those(
    [String(hook.LifecycleStages) !== String(STAGES), `hook at ${hook.LifecycleStages}, not at ${STAGES}`],
    [hook.TimeoutConfiguration?.Action !== 'ROLLBACK', 'a hook whose time-out does not roll back'],
    [!hook.RoleArn, 'a hook without a role'],
    [!JSON.parse(hook.HookDetails ?? '{}').lane, 'a hook that does not say on which lane it stands'],
  );
};

const rulesForwardToThePair: Check = (
  assembly,
  { stack, Properties: { LoadBalancers = [], DeploymentConfiguration: how } },
) => {
  const [balancer] = LoadBalancers;
  if (!balancer || !GATED.includes(how?.Strategy)) return [];
  const advanced = balancer.AdvancedConfiguration ?? {};
  const pair = [balancer.TargetGroupArn, advanced.AlternateTargetGroupArn].map((group) =>
    follow(assembly, stack, group),
  );
  return ['ProductionListenerRule', 'TestListenerRule'].flatMap((name) => {
    const rule = target(assembly, stack, advanced[name]);
    const groups = rule?.Properties.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const forwards = groups.map((group: { TargetGroupArn: unknown }) => follow(assembly, stack, group.TargetGroupArn));
    return String([...forwards].sort()) === String([...pair].sort())
      ? []
      : [`${name} does not forward to the two target groups`];
  });
};

interface Container {
  readonly Name: string;
  readonly PortMappings?: readonly { readonly ContainerPort: number }[];
  readonly ReadonlyRootFilesystem?: boolean;
  readonly User?: string;
  readonly LogConfiguration?: unknown;
  readonly StopTimeout?: number;
}

const containerExists: Check = (assembly, { stack, Properties }) => {
  const task = target(assembly, stack, Properties.TaskDefinition);
  if (!task) return ['no task definition of this assembly'];
  const containers: readonly Container[] = task.Properties.ContainerDefinitions;
  const balancers: readonly Record<string, unknown>[] = Properties.LoadBalancers ?? [];
  return balancers.flatMap(({ ContainerName, ContainerPort, TargetGroupArn }) => {
    const ports = containers.find(({ Name }) => Name === ContainerName)?.PortMappings ?? [];
    const group = target(assembly, stack, TargetGroupArn)?.Properties;
    return those(
      [
        !ports.some((mapping) => mapping.ContainerPort === ContainerPort),
        `no container ${ContainerName}:${ContainerPort}`,
      ],
      [group?.TargetType !== 'ip', 'a target group of another type than ip'],
      [group?.Port !== ContainerPort, `a target group on port ${group?.Port}, not ${ContainerPort}`],
    );
  });
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
const MOST_STOP_SECONDS = 120;

const taskIsLegal: Check = (assembly, { stack, Properties }) => {
  const task = target(assembly, stack, Properties.TaskDefinition)?.Properties ?? {};
  const containers: readonly Container[] = task.ContainerDefinitions ?? [];
  const fits = FARGATE_MEMORY_MIB[Number(task.Cpu)]?.includes(Number(task.Memory));
  return [
    ...those(
      [!fits, `${task.Memory} MiB with ${task.Cpu} CPU units, which Fargate does not take`],
      [task.RuntimePlatform?.CpuArchitecture !== 'ARM64', 'a task that is not for ARM'],
    ),
    ...containers.flatMap(({ Name, ReadonlyRootFilesystem, User = 'root', LogConfiguration, StopTimeout = 30 }) =>
      those(
        [StopTimeout > MOST_STOP_SECONDS, `${Name} takes ${StopTimeout} s to stop, more than Fargate gives`],
        [!ReadonlyRootFilesystem, `${Name} may write to its root`],
        [/^(0|root)\b/.test(User), `${Name} runs as root`],
        [!LogConfiguration, `${Name} has no log`],
      ),
    ),
  ];
};

const nothingFollows: Check = (_, service) => {
  const { Resources } = service.stack.template;
  return Object.entries(Resources)
    .filter(([id, resource]) => id !== service.id && JSON.stringify(resource).includes(`"${service.id}"`))
    .map(([id]) => `${id} comes after the service in its stack, and can send a release back when it fails`);
};

const alarmsExist: Check = (assembly, { stack, Properties: { DeploymentConfiguration: how = {} } }) => {
  const names = all(assembly, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmName);
  const wanted: readonly unknown[] = how.Alarms?.AlarmNames ?? [];
  const missing = wanted
    .map((name) => (typeof name === 'string' ? name : target(assembly, stack, name)?.Properties.AlarmName))
    .filter((name) => !names.includes(name))
    .map((name) => `deployment alarm ${name} does not exist here`);
  const rollsBack = how.Alarms?.Enable && how.Alarms?.Rollback;
  return [...missing, ...those([GATED.includes(how.Strategy) && !rollsBack, 'no deployment alarms that roll back'])];
};

const CHECKS: readonly (readonly [string, Check])[] = [
  ['strategy', strategyIsWhole],
  ['circuit breaker', breakerRollsBack],
  ['gate', gateIsAsked],
  ['rules', rulesForwardToThePair],
  ['container', containerExists],
  ['task', taskIsLegal],
  ['last in its stack', nothingFollows],
  ['deployment alarms', alarmsExist],
];

import { hookTimeoutMin } from '../../lib/model/gate-config';
import { FRONT_TEST_PORT, listenerPort } from '../../lib/model/listeners';
import { canaryWorkersName, physicalName, pointerParameter } from '../../lib/model/names';
import { RELEASE_HEADER, RELEASE_ID_VARIABLE } from '../../lib/model/release';
import type { Role, Service, SystemModel } from '../../lib/model/system';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those } from './resources';

/** A service of ECS and what the model calls it; the canary's workers have the model of those they stand in for. */
interface Released extends Placed {
  readonly service: Service;
  readonly isCanary: boolean;
}

type Check = (assembly: Assembly, released: Released) => readonly string[];

/** What must hold so that every service is released as its environment says, and all of them as one release. */
export function rolloutFaults(assembly: Assembly): readonly Fault[] {
  const services = released(assembly);
  return [
    ...services.flatMap((each) =>
      CHECKS.flatMap(([rule, check]) => check(assembly, each).map((says) => fault(rule, each, says))),
    ),
    ...oneRelease(assembly, services),
    ...all(assembly, 'AWS::ApplicationAutoScaling::ScalableTarget').flatMap((scaled) =>
      scaledAfterwards(assembly, scaled),
    ),
  ];
}

function released(assembly: Assembly): readonly Released[] {
  const { services } = assembly.model;
  return all(assembly, 'AWS::ECS::Service').flatMap((placed) => {
    const name: string = placed.Properties.ServiceName ?? '';
    const isCanary = services[name] === undefined;
    const service = Object.values(services).find(
      (each) => name === (isCanary ? canaryWorkersName(each.name) : each.name),
    );
    return service ? [{ ...placed, service, isCanary }] : [];
  });
}

interface Expected {
  readonly Strategy: string;
  readonly percent?: number;
  readonly bake?: number;
  readonly leastFinalBake: number;
}

/** Nothing where nothing is shifted: workers roll, and so does everything in an environment without a canary. */
function expectedOf({ rollout }: SystemModel, role: Role): Expected | undefined {
  if (rollout.kind !== 'canary' || role === 'worker') return undefined;
  const { percent, finalBakeMinutes: leastFinalBake, plan } = rollout;
  if (role === 'inner') return { Strategy: 'BLUE_GREEN', leastFinalBake: leastFinalBake + 1 };
  return { Strategy: 'CANARY', percent, bake: plan.bakeMin, leastFinalBake };
}

const asTheModelSays: Check = ({ model }, { service, Properties: { DeploymentConfiguration: how = {} } }) => {
  const expected = expectedOf(model, service.role);
  const { Strategy, CanaryConfiguration: canary = {}, BakeTimeInMinutes: final = 0 } = how;
  if (!expected) return those([Strategy, `strategy ${Strategy}, expected none`]);
  const { percent, bake, leastFinalBake } = expected;
  return those(
    [Strategy !== expected.Strategy, `strategy ${Strategy}, expected ${expected.Strategy}`],
    [canary.CanaryPercent !== percent, `${canary.CanaryPercent} % of the users, expected ${percent}`],
    [canary.CanaryBakeTimeInMinutes !== bake, `a bake of ${canary.CanaryBakeTimeInMinutes} min, expected ${bake}`],
    [final < leastFinalBake, `a final bake of ${final} min, expected at least ${leastFinalBake}`],
  );
};

const asksTheGate: Check = (assembly, { stack, service, Properties }) => {
  const { model } = assembly;
  const [hook] = Properties.DeploymentConfiguration?.LifecycleHooks ?? [];
  if (!hook) return [];
  const gate = target(assembly, stack, hook.HookTargetArn)?.Properties;
  const details = JSON.parse(hook.HookDetails ?? '{}');
  const lane = service.role === 'front' ? 'front' : 'inner';
  const { TimeoutInMinutes: within } = hook.TimeoutConfiguration ?? {};
  return those(
    [gate?.FunctionName !== physicalName(model, 'gate'), 'a hook that asks another than the gate'],
    [details.lane !== lane || details.service !== service.name, `a hook that says ${hook.HookDetails}`],
    [within !== hookTimeoutMin(model), `a hook that waits for ${within} min, expected ${hookTimeoutMin(model)}`],
  );
};

/** Shared by every service of a release, and those of its own target groups. ECS ignores one that is in ALARM at the start. */
const isWatched: Check = (assembly, { stack, service, Properties }) => {
  const { model } = assembly;
  if (model.rollout.kind !== 'canary') return [];
  const wanted = ['release-abort', 'rollback-evidence'];
  if (service.role !== 'worker') wanted.push(...['errors', 'latency'].map((what) => `release-${service.name}-${what}`));
  const named: readonly unknown[] = Properties.DeploymentConfiguration?.Alarms?.AlarmNames ?? [];
  const alarms = all(assembly, 'AWS::CloudWatch::Alarm').filter(({ Properties: { AlarmName } }) =>
    named.includes(AlarmName),
  );
  const early = alarms.filter((alarm) => alarm.stack !== stack && !stack.after.includes(alarm.stack.name));
  const loud = alarms.filter((alarm) => alarm.Properties.TreatMissingData !== 'notBreaching');
  return [
    ...wanted
      .map((name) => physicalName(model, name))
      .filter((name) => !named.includes(name))
      .map((name) => `deployed without the alarm ${name}`),
    ...early.map((alarm) => `${alarm.Properties.AlarmName} may not be there yet`),
    ...loud.map((alarm) => `${alarm.Properties.AlarmName} is in alarm while nothing is measured`),
  ];
};

const isCounted: Check = (_, { isCanary, Properties }) => {
  const { DesiredCount: count, DeploymentConfiguration: how = {}, EnableExecuteCommand } = Properties;
  return those(
    [isCanary && count !== 0, `${count} canary workers while nothing is released`],
    [!isCanary && count !== undefined, `${count} tasks, whatever scaling has set`],
    [!(how.MinimumHealthyPercent >= 100), 'fewer tasks than users need while it is deployed'],
    [EnableExecuteCommand, 'a shell into its containers'],
  );
};

/** The test rule opens to a release that names itself; the front's stands where only the prober gets. */
const isReachedByTheTestRule: Check = (assembly, { stack, service, Properties }) => {
  const { ProductionListenerRule, TestListenerRule } = Properties.LoadBalancers?.[0]?.AdvancedConfiguration ?? {};
  if (!TestListenerRule) return [];
  const [production, tested] = [ProductionListenerRule, TestListenerRule].map((rule) => target(assembly, stack, rule)!);
  const header = tested!.Properties.Conditions?.[0]?.HttpHeaderConfig ?? {};
  const isFront = service.role === 'front';
  const wanted = isFront ? 'canary' : '?*';
  const opens = header.HttpHeaderName === RELEASE_HEADER && String(header.Values) === wanted;
  const place = (rule: Placed) => follow(assembly, rule.stack, rule.Properties.ListenerArn);
  const [listener, served] = [tested, production].map(
    (rule) => target(assembly, stack, rule!.Properties.ListenerArn)?.Properties.Port,
  );
  const isBelow =
    place(tested!) === place(production!) && tested!.Properties.Priority > production!.Properties.Priority;
  return those(
    [!opens, `a test rule that opens to ${header.HttpHeaderName}: ${header.Values}`],
    [isFront && listener !== FRONT_TEST_PORT, `a test rule on port ${listener}, where users get`],
    [served !== listenerPort(assembly.model, service.name), `served on port ${served}, which is another's`],
    [isBelow, 'a test rule below the one that takes everything'],
  );
};

const followsThePointer: Check = (assembly, { stack, Properties }) => {
  const { model } = assembly;
  const value = told(assembly, stack, Properties.TaskDefinition).CANARY_POINTER;
  const wanted = `ssm:${pointerParameter(model)}`;
  const exists = all(assembly, 'AWS::SSM::Parameter').some((each) => each.Properties.Name === pointerParameter(model));
  return those(
    [value !== wanted, `it follows ${value}, expected ${wanted}`],
    [!exists, `no parameter ${pointerParameter(model)}`],
    [!stack.after.includes(physicalName(model, 'gate')), 'the pointer it follows may not be there yet'],
  );
};

/** Environment of a task's first container, which is the service's. */
function told(assembly: Assembly, stack: Placed['stack'], task: unknown): Readonly<Record<string, unknown>> {
  const variables: readonly { Name: string; Value: unknown }[] =
    target(assembly, stack, task)?.Properties.ContainerDefinitions[0].Environment ?? [];
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

/** Whoever is left out of a release answers as another one, and the whole path is misrouted. */
function oneRelease(assembly: Assembly, services: readonly Released[]): readonly Fault[] {
  const idOf = ({ stack, Properties }: Released) =>
    told(assembly, stack, Properties.TaskDefinition)[RELEASE_ID_VARIABLE];
  const [front] = services.filter(({ service }) => service.role === 'front').map(idOf);
  return services
    .filter((each) => idOf(each) !== front || !front)
    .map((each) => fault('one release', each, `a release of its own: ${idOf(each)}`));
}

/** Scaling knows a service by its name, which CloudFormation cannot follow. */
function scaledAfterwards(assembly: Assembly, scaled: Placed): readonly Fault[] {
  const { ResourceId, MinCapacity: least, MaxCapacity: most } = scaled.Properties;
  const service = released(assembly).find(
    ({ Properties }) => ResourceId === `service/${physicalName(assembly.model)}/${Properties.ServiceName}`,
  );
  if (!service) return [fault('scaling', scaled, `no service ${ResourceId}`)];
  const { size } = service.service;
  return those(
    [!scaled.stack.after.includes(service.stack.name), `${service.stack.name} is not deployed before`],
    [
      least !== size.minCount || most !== size.maxCount,
      `${least} to ${most} tasks, expected ${size.minCount} to ${size.maxCount}`,
    ],
  ).map((text) => fault('scaling', scaled, text));
}

const CHECKS: readonly (readonly [string, Check])[] = [
  ['rollout', asTheModelSays],
  ['gate', asksTheGate],
  ['deployment alarms', isWatched],
  ['count', isCounted],
  ['test rule', isReachedByTheTestRule],
  ['pointer', followsThePointer],
];

import type { Broken } from './broken';

const SERVICE = 'ECS::Service';
const TASK = 'ECS::TaskDefinition';
const RULE = 'ElasticLoadBalancingV2::ListenerRule';

/** Of what the environment's roll-out says, and of what makes one release of many services. */
export const BROKEN_ROLLOUTS: readonly Broken[] = [
  {
    what: 'a front that rolls',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration = { ...p.DeploymentConfiguration, Strategy: 'ROLLING' }),
    says: 'rollout: strategy ROLLING, expected CANARY',
  },
  {
    what: 'an inner service that rolls',
    stack: 'core',
    type: SERVICE,
    change: (p) => delete p.DeploymentConfiguration.Strategy,
    says: 'rollout: strategy undefined, expected BLUE_GREEN',
  },
  {
    what: 'more users than the environment says',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.CanaryConfiguration.CanaryPercent = 30),
    says: 'rollout: 30 % of the users, expected 10',
  },
  {
    what: 'all the users',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.CanaryConfiguration.CanaryPercent = 100),
    says: 'strategy: no legal canary percent',
  },
  {
    what: 'a canary that does not bake',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.CanaryConfiguration.CanaryBakeTimeInMinutes = 0),
    says: 'rollout: a bake of 0 min, expected 30',
  },
  {
    what: 'no way back after the promotion',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.BakeTimeInMinutes = 0),
    says: 'rollout: a final bake of 0 min, expected at least 10',
  },
  {
    what: 'an inner service that cannot follow a front which goes back late',
    stack: 'ai',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.BakeTimeInMinutes = 10),
    says: 'rollout: a final bake of 10 min, expected at least 11',
  },
  {
    what: 'a hook that asks somebody else',
    stack: 'core',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.LifecycleHooks[0].HookTargetArn = 'arn:aws:lambda:x:1:function:yes'),
    says: 'gate: a hook that asks another than the gate',
  },
  {
    what: 'an inner service on the lane of the front',
    stack: 'core',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.LifecycleHooks[0].HookDetails = '{"service":"core","lane":"front"}'),
    says: 'gate: a hook that says {"service":"core","lane":"front"}',
  },
  {
    what: 'a hook that gives up before the verdict',
    stack: 'core',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.LifecycleHooks[0].TimeoutConfiguration.TimeoutInMinutes = 20),
    says: 'gate: a hook that waits for 20 min, expected 195',
  },
  {
    what: 'a service that does not hear the brake',
    stack: 'core',
    type: SERVICE,
    change: (p) => p.DeploymentConfiguration.Alarms.AlarmNames.shift(),
    says: 'deployment alarms: deployed without the alarm coach-prod-release-abort',
  },
  {
    what: 'an alarm that is on before anything is measured',
    stack: 'gate',
    type: 'CloudWatch::Alarm',
    change: (p) => (p.TreatMissingData = 'breaching'),
    says: 'deployment alarms: coach-prod-release-abort is in alarm while nothing is measured',
  },
  {
    what: 'canary workers who always work',
    stack: 'worker-canary',
    type: SERVICE,
    change: (p) => (p.DesiredCount = 1),
    says: 'count: 1 canary workers while nothing is released',
  },
  {
    what: 'a release that undoes what scaling has set',
    stack: 'edge',
    type: SERVICE,
    change: (p) => (p.DesiredCount = 2),
    says: 'count: 2 tasks, whatever scaling has set',
  },
  {
    what: 'half of the tasks while it is deployed',
    stack: 'worker',
    type: SERVICE,
    change: (p) => (p.DeploymentConfiguration.MinimumHealthyPercent = 50),
    says: 'count: fewer tasks than users need while it is deployed',
  },
  {
    what: 'a shell into production',
    stack: 'core',
    type: SERVICE,
    change: (p) => (p.EnableExecuteCommand = true),
    says: 'count: a shell into its containers',
  },
  {
    what: 'a test rule that a user could open',
    stack: 'edge',
    type: RULE,
    id: 'TestRule',
    change: (p) => (p.Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }]),
    says: 'test rule: a test rule that opens to undefined: undefined',
  },
  {
    what: 'a test rule that nobody gets to',
    stack: 'core',
    type: RULE,
    id: 'TestRule',
    change: (p) => (p.Priority = 200),
    says: 'test rule: a test rule below the one that takes everything',
  },
  {
    what: 'a service that follows the pointer of another environment',
    stack: 'edge',
    type: TASK,
    change: (p) =>
      (p.ContainerDefinitions[0].Environment.find(({ Name }: { Name: string }) => Name === 'CANARY_POINTER').Value =
        'ssm:/coach/staging/release/canary'),
    says: 'pointer: it follows ssm:/coach/staging/release/canary, expected ssm:/coach/prod/release/canary',
  },
  {
    what: 'a service that is left out of the release',
    stack: 'ai',
    type: TASK,
    change: (p) =>
      (p.ContainerDefinitions[0].Environment.find(({ Name }: { Name: string }) => Name === 'RELEASE_ID').Value = 'v1'),
    says: 'one release: a release of its own: v1',
  },
  {
    what: 'scaling of a service that is not there',
    stack: 'scaling',
    type: 'ApplicationAutoScaling::ScalableTarget',
    change: (p) => (p.ResourceId = 'service/coach-prod/front'),
    says: 'scaling: no service service/coach-prod/front',
  },
];

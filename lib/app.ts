import { type App, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Images } from './constructs/images';
import { webServices } from './model/listeners';
import { canaryWorkersName, stackName } from './model/names';
import { standbyOf } from './model/standby';
import type { Service, SystemModel } from './model/system';
import { AdmissionStack } from './stacks/admission-stack';
import { CopiesStack } from './stacks/copies-stack';
import { DataStack } from './stacks/data-stack';
import { FrontDoorStack } from './stacks/front-door-stack';
import { GateStack } from './stacks/gate-stack';
import { KeysStack } from './stacks/keys-stack';
import { LedgerStack } from './stacks/ledger-stack';
import { NetworkStack } from './stacks/network-stack';
import { ObservabilityStack } from './stacks/observability-stack';
import { OrderStack } from './stacks/order-stack';
import { RecoveryStack } from './stacks/recovery-stack';
import { ScalingStack } from './stacks/scaling-stack';
import type { Ground } from './stacks/services';
import { TasksStack } from './stacks/tasks-stack';
import { WebServiceStack } from './stacks/web-service-stack';
import { WorkerStack } from './stacks/worker-stack';

/** Define every stack of one system in one environment, the ones that stand still first. */
export function defineSystem(app: App, model: SystemModel, images: Images): void {
  const inside = defineInside(app, model, { images });
  defineFrontDoor(app, model, inside);
  for (const stack of app.node.children.filter(Stack.isStack)) tag(stack, model);
}

export interface Standby {
  readonly images: Images;
  /** ARN of the database's automated backups in the second region. */
  readonly restoreFrom?: string;
}

/**
 * Define an environment in its second region, its data restored, and lead its front door there.
 *
 * Nothing of the first region is needed, which may be gone.
 */
export function defineStandby(app: App, model: SystemModel, standby: Standby): void {
  const place = standbyOf(model);
  const inside = defineInside(app, place, standby);
  defineFrontDoor(app, model, inside);
  for (const stack of app.node.children.filter(Stack.isStack)) for (const at of [model, place]) tag(stack, at);
}

interface Inside {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
}

/** Everything that stands in the environment's own region. */
function defineInside(app: App, model: SystemModel, { images, restoreFrom }: Standby): Inside {
  const place: StackProps = { env: { account: model.account, region: model.region } };
  const named = (part: string) => [app, stackName(model, part)] as const;

  const keys = new KeysStack(...named('keys'), { ...place, model });
  const network = new NetworkStack(...named('network'), { ...place, model });
  const ledger = new LedgerStack(...named('ledger'), { ...place, model, keys, network });
  const copies = defineCopies(app, model);
  const data = new DataStack(...named('data'), { ...place, model, keys, network, copies, restoreFrom });
  if (copies) data.addStackDependency(copies);
  const gate = new GateStack(...named('gate'), { ...place, model, keys, network, ledger, data });
  const ground: Ground = { model, images, keys, network, data, gate };
  const tasks = new TasksStack(...named('tasks'), { ...place, ...ground });
  const webs = webServices(model).map((service) => {
    return new WebServiceStack(...named(service.name), { ...place, ...ground, service });
  });
  const workers = Object.values(model.services).filter(({ kind }) => kind === 'worker');
  const rolled = workers.flatMap((service) => defineWorkers(app, service, { ...place, ...ground }));
  const groups = new Map(webs.map(({ service, entrance }) => [service, entrance.groups]));
  const scaling = new ScalingStack(...named('scaling'), { ...place, model, groups });
  // what is known by its name CloudFormation cannot see: the pointer, the schema and alarms to a service, a service to what scales it
  for (const service of [...webs, ...rolled]) {
    for (const before of [gate, tasks]) service.addStackDependency(before);
    scaling.addStackDependency(service);
  }
  new ObservabilityStack(...named('observability'), { ...place, model, notices: gate.notices, groups });
  if (copies) new RecoveryStack(...named('recovery'), { ...place, model, keys, network, data, gate, copies });
  if (model.pipeline) new OrderStack(...named('delivery'), { ...place, model, keys, network, gate, data });
  return { model, keys, network };
}

/** The distribution keeps its name wherever it leads to. */
function defineFrontDoor(app: App, model: SystemModel, { model: inside, keys, network }: Inside): void {
  const global: StackProps = { env: { account: model.account, region: 'us-east-1' } };
  const frontDoor = new FrontDoorStack(app, stackName(model, 'front-door'), { ...global, model, network });
  const place: StackProps = { env: { account: inside.account, region: inside.region } };
  const props = { ...place, model: inside, keys, network };
  new AdmissionStack(app, stackName(inside, 'admission'), props).addStackDependency(frontDoor);
}

/** What the second region keeps; none where the environment names no second region. */
function defineCopies(app: App, model: SystemModel): CopiesStack | undefined {
  const { account, recoveryRegion: region } = model;
  return region ? new CopiesStack(app, stackName(model, 'copies'), { env: { account, region }, model }) : undefined;
}

function defineWorkers(app: App, service: Service, ground: Ground & StackProps): readonly Stack[] {
  const named = (part: string) => [app, stackName(ground.model, part)] as const;
  const all = new WorkerStack(...named(service.name), { ...ground, service, canary: false });
  if (ground.model.rollout.kind !== 'canary') return [all];
  return [all, new WorkerStack(...named(canaryWorkersName(service.name)), { ...ground, service, canary: true })];
}

function tag(stack: Stack, { name, env }: SystemModel): void {
  if (!stack.stackName.startsWith(stackName({ name, env }, ''))) return;
  Tags.of(stack).add('system', name);
  Tags.of(stack).add('environment', env);
}

import type { GateConfig } from '../../lib/model/gate-config';
import type { Minute, Plan } from '../../lib/model/gate-plan';
import { type Facts, isGoingBack, type Ruling, ruling, type Smoke } from './answer';
import type { HookEvent } from './hook';
import { judge } from './judge';
import type { Ledger, Mark } from './ledger';
import type { GatePorts, ServiceDeployment } from './ports';
import { reasonOf } from './reason';

/** What the gate works with at every call. It keeps nothing between calls. */
export interface GateContext {
  readonly config: GateConfig;
  readonly ports: GatePorts;
  readonly ledger: Ledger;
}

/** Everything an answer to ECS depends on, read now. */
export async function gatherFacts(gate: GateContext, event: HookEvent): Promise<Facts> {
  const { ledger, ports } = gate;
  const deployment = await ports.deployments.describe(event.resourceArn);
  const id = deployment.release;
  const [opened, started] = [await ledger.opened(id), await ledger.started(id)];
  return {
    ...{ deployment, opened, started },
    target: await targetOf(gate, deployment),
    live: await ledger.live(),
    freeze: await ledger.freeze(),
    verdict: await ledger.verdict(id),
    broken: await brokenParts(gate, id),
    missing: started ? [] : await missingParts(gate, id),
    late: isLate(gate, opened, started),
    smoke: event.lifecycleStage === 'POST_TEST_TRAFFIC_SHIFT' ? await smokeOf(gate, deployment) : 'pending',
    ruling: started ? await rulingOn(gate, id, await closedMinutes(gate, id, started)) : NOT_STARTED,
  };
}

const NOT_STARTED: Ruling = { verdict: 'wait', by: 'judge', because: 'the canary has not started' };

async function targetOf({ ledger }: GateContext, deployment: ServiceDeployment): Promise<Facts['target']> {
  const { release: id, digests, service } = deployment;
  if ((await ledger.stable()) === id) return 'stable';
  const expected = (await ledger.release(id))?.digests[service];
  return expected !== undefined && digests.includes(expected) ? 'release' : 'unknown';
}

/** Parts of a release that went back, or that nothing would take back if they failed. */
export async function brokenParts({ ports }: GateContext, id: string): Promise<readonly string[]> {
  const ours = (await ports.deployments.latest()).filter(({ release }) => release === id);
  return ours.flatMap((deployment) => {
    const { service, rollback, status, alarms } = deployment;
    if (isGoingBack(deployment)) return [`${service} went back (${rollback ?? status})`];
    return alarms === 'DISABLED' ? [`${service} is not watched: an alarm was firing when it started`] : [];
  });
}

/** What the path lacks before a user may enter it. */
async function missingParts({ config, ledger, ports }: GateContext, id: string): Promise<readonly string[]> {
  const ready = await ledger.ready(id);
  const inner = config.services.filter(({ lane, name }) => lane === 'inner' && !ready.includes(name));
  const missing = inner.map(({ name }) => name);
  if (config.canaryWorkers === 0) return missing;
  const workers = await ports.deployments.canaryWorkers();
  const steady = workers.release === id && workers.desired > 0 && workers.running >= workers.desired;
  return steady ? missing : [...missing, 'canary workers'];
}

/** Whether the front has waited for its path for longer than it may. */
export function isLate({ config, ports }: GateContext, opened: Mark | undefined, started: Mark | undefined): boolean {
  if (!opened || started) return false;
  return ports.now() - Date.parse(opened.at) > config.rendezvousMin * config.minuteMs;
}

/** An answer of another release, or none, only says that the rule has not moved yet. */
async function smokeOf({ ports }: GateContext, { service, release }: ServiceDeployment): Promise<Smoke> {
  const { release: answered, healthy } = await ports.smoke.ask(service);
  if (answered !== release) return 'pending';
  return healthy ? 'well' : 'sick';
}

/** The minutes of a release that have closed, under its own plan. */
export interface Closed {
  readonly plan: Plan;
  readonly minutes: readonly Minute[];
}

/** @throws Error if the release has no plan, which no release that started lacks */
export async function closedMinutes({ ledger, ports }: GateContext, id: string, started: Mark): Promise<Closed> {
  const plan = await ledger.plan(id);
  if (!plan)
    throw new Error(
      `releases/${id}/plan.json: expected the release's plan, got nothing; it is written when a release opens`,
    );
  return { plan, minutes: await ports.metrics.minutes(plan, Date.parse(started.at)) };
}

export async function rulingOn({ ledger }: GateContext, id: string, { plan, minutes }: Closed): Promise<Ruling> {
  const judged = judge(plan, minutes);
  return ruling(await ledger.orders(id), judged, reasonOf(plan, judged));
}

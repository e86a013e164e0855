import type { GateConfig } from '../../lib/model/gate-config';
import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { Order } from '../../lib/model/release';
import { writeLog } from '../log';
import { type Facts, isGoingBack, isNew, type Ruling, ruling, type Smoke, type Target } from './answer';
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
    target: await targetOf(gate, deployment, event),
    stable: await ledger.stable(),
    live: await ledger.live(),
    freeze: await ledger.freeze(),
    verdict: await ledger.verdict(id),
    recall: await ledger.recall(id),
    broken: await brokenParts(gate, id),
    missing: started ? [] : await missingParts(gate, id),
    late: isLate(gate, opened, started),
    smoke: event.lifecycleStage === 'POST_TEST_TRAFFIC_SHIFT' ? await smokeOf(gate, deployment) : 'pending',
    ruling: started ? await rulingOn(gate, id, await closedMinutes(gate, id, started)) : NOT_STARTED,
  };
}

const NOT_STARTED: Ruling = { verdict: 'wait', by: 'judge', because: 'the canary has not started' };

/** What a revision says it is counts for nothing unless the ledger has its images under that name. */
async function targetOf({ ledger }: GateContext, deployment: ServiceDeployment, event: HookEvent): Promise<Target> {
  const { release: id, digests, service } = deployment;
  const stable = await ledger.stable();
  if (stable === undefined && isNew(deployment)) return 'first';
  const known = await knownImages(ledger, id, service);
  const isKnown = digests.some((digest) => known.includes(digest));
  // ECS resolves an image that is named by its tag when the first task starts
  const isUnresolved = digests.length === 0 && event.lifecycleStage === 'PRE_SCALE_UP';
  if (id === stable && (isKnown || isUnresolved)) return 'stable';
  return isKnown ? 'release' : 'unknown';
}

/** Digests of a service's images in a release: as the build wrote them down, else as its first tasks had them. */
async function knownImages(ledger: Ledger, id: string, service: string): Promise<readonly string[]> {
  const built = (await ledger.release(id))?.digests[service];
  return built === undefined ? ((await ledger.ready(id))[service]?.digests ?? []) : [built];
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
  const inner = config.services.filter(({ lane, name }) => lane === 'inner' && !(name in ready));
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
  /** Why they could not be read, if they could not; there are then none. */
  readonly unreadable?: string;
}

/**
 * What was measured so far; up to a verdict, what the verdict rests on, so that whoever judges again comes to the same.
 *
 * @throws Error if the release has no plan, which no release that started lacks
 */
export async function closedMinutes({ ledger, ports }: GateContext, id: string, started: Mark): Promise<Closed> {
  const plan = await ledger.plan(id);
  if (!plan)
    throw new Error(
      `releases/${id}/plan.json: expected the release's plan, got nothing; it is written when a release opens`,
    );
  const decided = ((await ledger.recall(id)) ?? (await ledger.verdict(id)))?.minutes ?? [];
  try {
    const read = await ports.metrics.minutes(plan, Date.parse(started.at));
    return { plan, minutes: [...decided, ...read.slice(decided.length)] };
  } catch (error) {
    writeLog('cannot read minutes', { release: id, error });
    return { plan, minutes: decided, unreadable: (error as Error).message };
  }
}

export async function rulingOn(gate: GateContext, id: string, closed: Closed): Promise<Ruling> {
  const orders = await gate.ledger.orders(id);
  if (closed.unreadable !== undefined) return unread(gate, closed, { orders, started: await gate.ledger.started(id) });
  const judged = judge(closed.plan, closed.minutes);
  return { ...ruling(orders, judged, reasonOf(closed.plan, judged)), minutes: closed.minutes };
}

interface Unread {
  readonly orders: readonly Order[];
  readonly started: Mark | undefined;
}

/** A fault of an API is no evidence, so the release waits, but no longer than it may in any case. People's orders stand. */
function unread({ config, ports }: GateContext, { plan, unreadable }: Closed, { orders, started }: Unread): Ruling {
  const said = ruling(orders, undefined, `the minutes cannot be read: ${unreadable}`);
  const age = started ? (ports.now() - Date.parse(started.at)) / config.minuteMs : 0;
  const isOver = age > plan.hardStopMin + config.closeAfterMin;
  if (said.by === 'order' || !isOver) return said;
  const because = `no minute could be read until the hard stop at minute ${plan.hardStopMin}: ${unreadable}`;
  return { verdict: 'rollback', by: 'judge', because };
}

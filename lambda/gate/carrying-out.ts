import { isGoingBack, type Write } from './answer';
import type { GateContext } from './gathering';
import type { Ending, FinalVerdict, Mark } from './ledger';
import { hasEnded, type ServiceDeployment } from './ports';
import { keepReport } from './report';

/**
 * Open a release: take its turn, start the clock, fix its plan, say who is canary, start the canary workers.
 *
 * Every step may be repeated, and `opened` is written last, so that a call cut short is made good by the next.
 *
 * @returns why it cannot be opened, if it cannot
 */
export async function open(gate: GateContext, id: string): Promise<string | undefined> {
  const { ledger, ports, config } = gate;
  if (await ledger.opened(id)) return undefined;
  const stable = await ledger.stable();
  if (stable === undefined) return 'the ledger knows no stable release to compare with';
  const release = await ledger.release(id);
  const unpromised = config.plan.probes.filter((probe) => probe.kind === 'exact' && !release?.expected?.[probe.id]);
  if (unpromised.length > 0) return unpromised.map((probe) => noPromise(id, probe.id)).join('\n');
  const turn = await ledger.takeTurn(id);
  if (turn !== id) return `${turn} is still under way`;
  await ports.schedule?.start();
  const hotfix = release?.hotfix !== undefined;
  await ledger.writePlan(id, { ...config.plan, release: id, stable, hotfix });
  const now = ports.now();
  const expiresAt = new Date(now + config.pointerMin * config.minuteMs).toISOString();
  const startedAt = new Date(now).toISOString();
  await ports.pointer.write({ id, startedAt, expiresAt });
  await ports.deployments.scaleCanaryWorkers(config.canaryWorkers);
  await ledger.writeOpened(id, { at: startedAt });
  return undefined;
}

/** Whatever it answered would be right. */
function noPromise(id: string, probe: string): string {
  const at = `releases/${id}/release.json: expected.${probe}`;
  return `${at}: expected the hash of the answer to that fixture, got nothing; build the release again`;
}

/** Remember the images of a service that came up where none ran; once every service of the path has, their release is the stable one. */
export async function bootstrap(
  { config, ledger }: GateContext,
  { release: id, service, digests }: ServiceDeployment,
  mark: Mark,
): Promise<void> {
  await ledger.markReady(id, service, { ...mark, digests });
  const ready = await ledger.ready(id);
  const isWhole = config.services.every(({ name }) => name in ready);
  if (isWhole && (await ledger.stable()) === undefined) await ledger.writeStable(id);
}

/** Write a final verdict, unless one stands, and tell people of the one that stands if it is ours. */
export async function settle(
  { ledger, ports }: GateContext,
  id: string,
  verdict: Omit<FinalVerdict, 'at'>,
): Promise<FinalVerdict> {
  const ours = { ...verdict, at: new Date(ports.now()).toISOString() };
  const stands = await ledger.settle(id, ours);
  const first = stands.at === ours.at && stands.because === ours.because;
  if (first) await ports.notices.notify(`${id}: ${ours.verdict}`, ours.because);
  return stands;
}

/**
 * Do what a verdict demands. Repeated at every call until the release has ended, so that no failure of a call can lose it.
 *
 * A promotion leaves the pointer as it is until the end: the front's services may reach 100 % before the inner ones do, and must
 * go on reaching the new ones meanwhile. @see docs/adr/0005-the-pointer-is-cleared-at-the-end.md
 */
export async function carryOut(gate: GateContext, id: string, { verdict }: FinalVerdict): Promise<void> {
  const isOrdered = verdict === 'rollback' || (await gate.ledger.recall(id)) !== undefined;
  if (isOrdered || (await deploymentsOf(gate, id)).some(isGoingBack)) await takeBack(gate, id);
}

/** Every service goes back, the front first; the alarm does the same should a call be refused. */
async function takeBack(gate: GateContext, id: string): Promise<void> {
  const { ports } = gate;
  await ports.metrics.signal('ReleaseAbort', 1);
  for (const deployment of await deploymentsOf(gate, id)) {
    if (!hasEnded(deployment) && !isGoingBack(deployment)) await ports.deployments.stop(deployment.arn);
  }
  await ports.deployments.scaleCanaryWorkers(0);
  await clearPointer(gate, id);
}

/** The ending of a release whose last deployment has ended, written once; undefined while one still runs. */
export async function end(gate: GateContext, id: string, verdict: FinalVerdict): Promise<Ending | undefined> {
  const ours = await deploymentsOf(gate, id);
  if (!ours.every(hasEnded)) return undefined;
  const outcome = outcomeOf(gate, verdict, ours);
  if (outcome === undefined) return undefined;
  if (outcome === 'promoted') await gate.ledger.writeStable(id);
  await gate.ports.deployments.scaleCanaryWorkers(0);
  await clearPointer(gate, id);
  const { because } = (await gate.ledger.recall(id)) ?? verdict;
  const ending = {
    outcome,
    because: [because, ...ours.flatMap(stuckness)].join('; '),
    at: new Date(gate.ports.now()).toISOString(),
  };
  await keepReport(gate, id, ending);
  return gate.ledger.writeEnding(id, ending);
}

function outcomeOf(
  { config }: GateContext,
  { verdict }: FinalVerdict,
  ours: readonly ServiceDeployment[],
): Ending['outcome'] | undefined {
  if (ours.some(isStuck)) return 'stuck';
  if (verdict === 'rollback') return 'rolled back';
  if (ours.some(isGoingBack)) return 'undone';
  const arrived = ours.filter(({ status }) => status === 'SUCCESSFUL').length;
  return arrived >= config.services.length ? 'promoted' : undefined;
}

function isStuck({ status }: ServiceDeployment): boolean {
  return status === 'ROLLBACK_FAILED';
}

/** What a person must know of a service that stands between two releases. */
function stuckness(deployment: ServiceDeployment): readonly string[] {
  const { service, release, rollback, status } = deployment;
  if (!isStuck(deployment)) return [];
  return [`${service} did not go back (${rollback ?? status}) and may serve ${release} still: break the glass`];
}

/** Deployments of the release, the front's first. */
async function deploymentsOf({ ports }: GateContext, id: string): Promise<readonly ServiceDeployment[]> {
  return (await ports.deployments.latest()).filter(({ release }) => release === id);
}

async function clearPointer({ ports }: GateContext, id: string): Promise<void> {
  if ((await ports.pointer.read())?.id === id) await ports.pointer.write(undefined);
}

export type Settling = Extract<Write, { kind: 'settle' }>;

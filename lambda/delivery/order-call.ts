import { ACTIONS, type OrderContext } from '../../delivery/order/actions';
import { type OrderPorts, Refusal } from '../../delivery/order/ports';
import { type OrderEnd, OrderRecord, type StageRecord } from '../../delivery/order/record';
import { stoppedBecause } from '../../delivery/order/run-order';
import { STAGES, type StageName } from '../../delivery/order/stages';
import { takeBack } from '../../delivery/order/taking-back';
import { tellEnd } from '../../delivery/release-notes/ending';
import type { ReleaseWindow } from '../../lib/model/delivery';
import type { Release } from '../../lib/model/release';
import { Ledger } from '../gate/ledger';

/** What the pipeline asks of the environment it releases to. */
export type OrderCall = StagesCall | DoneCall | StageFailed;

/** Carry out stages, one after the other. */
export interface StagesCall {
  readonly release: string;
  /** The run of the pipeline, by which a failure finds the release again. */
  readonly execution: string;
  readonly stages: readonly StageName[];
}

/** A stage that was carried out elsewhere. */
export interface DoneCall {
  readonly release: string;
  readonly done: { readonly stage: StageName; readonly because: string };
}

/** EventBridge's word that a stage of the pipeline failed. */
export interface StageFailed {
  readonly detail: { readonly pipeline: string; readonly 'execution-id': string; readonly stage: string };
}

export interface OrderAnswer {
  readonly release?: string;
  readonly because: string;
}

/** Step Functions reads an error's name, and does not try again what was refused. */
class Refused extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refused when the release may not go on; anything else is a fault of the moment, and the call may be repeated */
export async function answerOrder(
  ports: OrderPorts,
  window: ReleaseWindow | undefined,
  call: OrderCall,
): Promise<OrderAnswer> {
  if ('detail' in call) return backFrom(ports, call);
  const context = await contextOf(ports, window, call.release);
  const record = new OrderRecord(ports.ledger, call.release);
  if ('done' in call) return note(ports, record, call.done);
  await ports.ledger.putIfAbsent(executionKey(call.execution), JSON.stringify({ release: call.release }));
  return carryOut(context, record, call.stages);
}

async function contextOf(ports: OrderPorts, window: ReleaseWindow | undefined, id: string): Promise<OrderContext> {
  const ledger = new Ledger(ports.ledger);
  const release: Release | undefined = await ledger.release(id);
  if (release) return { release, ledger, ports, window };
  throw new Refused(`releases/${id}/release.json: expected the release's record, got nothing; build the release first`);
}

async function carryOut(
  context: OrderContext,
  record: OrderRecord,
  stages: readonly StageName[],
): Promise<OrderAnswer> {
  const { ports, release } = context;
  const over = await record.end();
  if (over && over.outcome !== 'released')
    throw new Refused(`${release.id} was ${over.outcome}: ${over.because}; release it under another tag`);
  const told: string[] = [];
  for (const stage of stages) {
    const ended = await carryOutOne(context, record, stage);
    if (ended.outcome === 'failed') return refuse(context, ended);
    told.push(`${stage}: ${ended.because}`);
  }
  await ports.ledger.put(refusalKey(release.id), NONE);
  if (stages.at(-1) === STAGES.at(-1)!.name)
    await end(ports, record, release.id, { outcome: 'released', because: `${release.id} serves everybody` });
  return { release: release.id, because: told.join('; ') };
}

/** A refusal is no end: whoever retries the stage may find the window open. */
async function refuse({ ports, release }: OrderContext, { stage, because }: StageRecord): Promise<never> {
  const reason = `${stage}: ${because}`;
  await ports.ledger.put(refusalKey(release.id), JSON.stringify(reason));
  throw new Refused(reason);
}

const NONE = 'null';

function refusalKey(release: string): string {
  return `releases/${release}/refused.json`;
}

/** What passed stays passed; what failed is looked at again, as a person asked for it by retrying the stage. */
async function carryOutOne(context: OrderContext, record: OrderRecord, stage: StageName): Promise<StageRecord> {
  const stands = await record.stage(stage);
  if (stands?.outcome === 'passed' && !LOOKED_AT_EACH_TIME.has(stage)) return stands;
  try {
    const stopped = await stoppedBecause(context, stage);
    if (stopped !== undefined) throw new Refusal(stopped);
    return await record.writeStage(passed(context.ports, stage, await ACTIONS[stage](context)));
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return { ...passed(context.ports, stage, cause.message), outcome: 'failed' };
  }
}

/** Checks of the moment: that they held yesterday says nothing. */
const LOOKED_AT_EACH_TIME: ReadonlySet<StageName> = new Set(['window', 'freeze', 'alarms', 'schema']);

function passed(ports: OrderPorts, stage: StageName, because: string): StageRecord {
  return { stage, outcome: 'passed', because, at: new Date(ports.now()).toISOString() };
}

async function note(
  ports: OrderPorts,
  record: OrderRecord,
  { stage, because }: DoneCall['done'],
): Promise<OrderAnswer> {
  const stands = await record.writeStage(passed(ports, stage, because));
  return { because: stands.because };
}

/**
 * A stage failed, for whatever reason: leave everything on the stable release, the canary's workers at none, and the reason in the
 * ledger. A release that never reached the checks has changed nothing.
 */
async function backFrom(ports: OrderPorts, { detail }: StageFailed): Promise<OrderAnswer> {
  const id = await releaseOf(ports, detail['execution-id']);
  if (id === undefined) return { because: `${detail.stage} failed before anything was changed` };
  const record = new OrderRecord(ports.ledger, id);
  const stands = await record.end();
  if (stands) return { release: id, because: stands.because };
  const context = await contextOf(ports, undefined, id);
  const because = await reasonOf(context, detail.stage);
  if ((await context.ledger.plan(id)) === undefined) return refusedBefore(context, because);
  await takeBack(context, because);
  const ended = await end(ports, record, id, { outcome: 'taken back', because });
  return { release: id, because: ended.because };
}

async function refusedBefore({ ports, release: { id } }: OrderContext, because: string): Promise<OrderAnswer> {
  await ports.ledger.put(refusalKey(id), JSON.stringify(because));
  await ports.notices.notify(`${id}: refused`, because);
  return { release: id, because };
}

async function releaseOf({ ledger }: OrderPorts, execution: string): Promise<string | undefined> {
  const text = await ledger.get(executionKey(execution));
  return text === undefined ? undefined : (JSON.parse(text) as { release: string }).release;
}

/** What the ledger knows of the failure; the pipeline only knows which stage it was. */
async function reasonOf({ ports, ledger, release: { id } }: OrderContext, stage: string): Promise<string> {
  const refusal = JSON.parse((await ports.ledger.get(refusalKey(id))) ?? NONE) as string | null;
  if (refusal !== null) return refusal;
  const [recall, verdict] = [await ledger.recall(id), await ledger.verdict(id)];
  return `${stage}: ${recall?.because ?? verdict?.because ?? 'the stage failed; the pipeline says why'}`;
}

async function end(
  ports: OrderPorts,
  record: OrderRecord,
  release: string,
  ending: Omit<OrderEnd, 'at'>,
): Promise<OrderEnd> {
  const ours = { ...ending, at: new Date(ports.now()).toISOString() };
  await tellEnd(ports, release, ours);
  return record.writeEnd(ours);
}

function executionKey(execution: string): string {
  return `system/executions/${execution}.json`;
}

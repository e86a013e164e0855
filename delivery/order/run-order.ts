import { Ledger } from '../../lambda/gate/ledger';
import type { ReleaseWindow } from '../../lib/model/delivery';
import { tellEnd } from '../release-notes/ending';
import { ACTIONS, type OrderContext } from './actions';
import { type OrderPorts, Refusal } from './ports';
import { type OrderEnd, OrderRecord, type StageRecord } from './record';
import { STAGES, type Stage, type StageName } from './stages';
import { takeBack } from './taking-back';

export interface OrderOptions {
  /** Id of a release whose `release.json` stands in the ledger. */
  readonly release: string;
  /** @default - at any time */
  readonly window?: ReleaseWindow;
  /** Why the stage that has not ended is given up in place of being tried again, e.g. after its third fault. */
  readonly giveUp?: string;
  /** Told of each stage when it has ended. */
  readonly onStage?: (record: StageRecord) => void;
}

/**
 * Carry out the order of a release, from where it stands.
 *
 * It can be killed at any point and called again: stages that have ended are not repeated, the one that was cut short is, and a
 * release that failed is taken back wherever that was cut short. Two that carry out the same order come to the same end.
 *
 * @throws what a port throws for a fault of the moment; call again to go on
 */
export async function runOrder(ports: OrderPorts, options: OrderOptions): Promise<OrderEnd> {
  const ledger = new Ledger(ports.ledger);
  const release = await ledger.release(options.release);
  if (!release)
    throw new Error(
      `releases/${options.release}/release.json: expected the release's record, got nothing; build the release first`,
    );
  const record = new OrderRecord(ports.ledger, release.id);
  const stands = await record.end();
  if (stands) return stands;
  return carriedOut({ release, ledger, ports, window: options.window }, record, options);
}

async function carriedOut(
  context: OrderContext,
  record: OrderRecord,
  { onStage, giveUp }: OrderOptions,
): Promise<OrderEnd> {
  for (const stage of STAGES) {
    const ended = (await record.stage(stage.name)) ?? (await carryOut(context, record, { ...stage, giveUp }));
    onStage?.(ended);
    if (ended.outcome === 'failed' && stage.onFailure !== 'note') return failed(context, record, { stage, ended });
  }
  return end(context, record, { outcome: 'released', because: `${context.release.id} serves everybody` });
}

interface Attempt {
  readonly name: StageName;
  readonly giveUp: string | undefined;
}

async function carryOut(context: OrderContext, record: OrderRecord, { name, giveUp }: Attempt): Promise<StageRecord> {
  const written = (outcome: StageRecord['outcome'], because: string) =>
    record.writeStage({ stage: name, outcome, because, at: new Date(context.ports.now()).toISOString() });
  try {
    const stopped = giveUp ?? (await stoppedBecause(context, name));
    if (stopped !== undefined) return await written('failed', stopped);
    return await written('passed', await ACTIONS[name](context));
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return written('failed', cause.message);
  }
}

/** A person's word holds at every stage; during the canary it is the gate that hears it. */
export async function stoppedBecause(
  { ledger, release: { id } }: OrderContext,
  name: StageName,
): Promise<string | undefined> {
  if (name === 'canary' || name === 'report') return undefined;
  const abort = (await ledger.orders(id)).find(({ kind }) => kind === 'abort');
  if (abort) return `abort by ${abort.by}: ${abort.reason}`;
  const [ending, stable] = [await ledger.ending(id), await ledger.stable()];
  return ending?.outcome === 'promoted' && stable !== id ? `${stable} serves everybody by now` : undefined;
}

async function failed(
  context: OrderContext,
  record: OrderRecord,
  { stage, ended }: { readonly stage: Stage; readonly ended: StageRecord },
): Promise<OrderEnd> {
  const because = `${stage.name}: ${ended.because}`;
  if (stage.onFailure === 'take back') await takeBack(context, because);
  return end(context, record, { outcome: stage.onFailure === 'take back' ? 'taken back' : 'refused', because });
}

async function end(context: OrderContext, record: OrderRecord, end: Omit<OrderEnd, 'at'>): Promise<OrderEnd> {
  const { ports, release } = context;
  const ours = { ...end, at: new Date(ports.now()).toISOString() };
  await tellEnd(ports, release.id, ours);
  return record.writeEnd(ours);
}

import { setTimeout as delay } from 'node:timers/promises';
import type { OrderEnd, StageRecord } from '../../delivery/order/record';
import { runOrder } from '../../delivery/order/run-order';
import { type OrderPlace, orderPorts, Unended } from './order-ports';

export interface Carrying {
  /** Whether whoever carries it out is killed after each of its stages, once. */
  readonly killed: boolean;
  readonly onStage: (ended: StageRecord) => void;
}

/** Between one who was killed and the next. */
const RESTART_MS = 100;

/**
 * Carry out the order of a release as the pipeline does, and start again whenever that was killed.
 *
 * @returns undefined if the gate did not end the release
 */
export async function carryOutOrder(place: OrderPlace, id: string, carrying: Carrying): Promise<OrderEnd | undefined> {
  const ports = orderPorts(place, id);
  const seen = new Set<string>();
  const onStage = (ended: StageRecord) => {
    // One that starts again is told of the stages it finds ended, too.
    if (seen.has(ended.stage)) return;
    seen.add(ended.stage);
    carrying.onStage(ended);
    if (carrying.killed) throw new Killed();
  };
  for (;;) {
    const end = await runOrder(ports, { release: id, onStage }).catch(excused);
    if (!(end instanceof Killed)) return end;
    await delay(RESTART_MS);
  }
}

/** Whoever carried out the order is gone. */
class Killed extends Error {}

function excused(cause: unknown): Killed | undefined {
  if (cause instanceof Killed) return cause;
  if (cause instanceof Unended) return undefined;
  throw cause;
}

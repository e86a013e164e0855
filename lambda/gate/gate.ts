import type { GateConfig } from '../../lib/model/gate-config';
import { writeLog } from '../log';
import { type Answer, answerFor, type Facts } from './answer';
import { bootstrap, carryOut, open, type Settling, settle } from './carrying-out';
import { type GateContext, gatherFacts } from './gathering';
import type { HookAnswer, HookEvent } from './hook';
import { Ledger } from './ledger';
import type { GatePorts } from './ports';
import { type Brief, brief, type TickResult, tick } from './tick';

/** The one gate of a system: every service's hook, and the end of every minute. */
export interface Gate {
  /** Answer ECS. Never throws: what went wrong is logged, and ECS is told to ask again. */
  onHook(event: HookEvent): Promise<HookAnswer>;
  /** Judge the release under way, act on its verdict, and see it to its end. */
  tick(): Promise<TickResult>;
  /** What the prober should measure now. */
  brief(): Promise<Brief>;
}

/** Seconds until ECS asks again after a call that failed: a fault of an API must neither promote nor roll back. */
const AFTER_A_FAULT = 30;

export function createGate(config: GateConfig, ports: GatePorts): Gate {
  const gate: GateContext = { config, ports, ledger: new Ledger(ports.ledger) };
  return {
    onHook: (event) => onHook(gate, event),
    tick: () => tick(gate),
    brief: () => brief(gate),
  };
}

async function onHook(gate: GateContext, event: HookEvent): Promise<HookAnswer> {
  const ids = { deployment: event.resourceArn, stage: event.lifecycleStage, execution: event.executionId };
  try {
    const facts = await gatherFacts(gate, event);
    const { answer, because } = await write(gate, event, facts, answerFor(event, facts));
    const { service, release } = facts.deployment;
    writeLog('answered', { ...ids, service, release, answer: answer.hookStatus, because });
    return answer;
  } catch (error) {
    writeLog('could not answer', { ...ids, error });
    return { hookStatus: 'IN_PROGRESS', callBackDelay: AFTER_A_FAULT };
  }
}

/** Write what an answer rests on before it is given; where another writer came first, answer from what stands. */
async function write(gate: GateContext, event: HookEvent, facts: Facts, answer: Answer): Promise<Answer> {
  const { ledger, ports } = gate;
  const { release: id, service } = facts.deployment;
  const mark = { at: new Date(ports.now()).toISOString(), executionId: event.executionId };
  switch (answer.write?.kind) {
    case 'bootstrap':
      await bootstrap(gate, facts.deployment, mark);
      return answer;
    case 'open': {
      const refusal = await open(gate, id);
      return refusal === undefined ? answer : { answer: { hookStatus: 'FAILED' }, because: refusal };
    }
    case 'ready':
      await ledger.markReady(id, service, mark);
      return answer;
    case 'start': {
      const started = await ledger.writeStarted(id, mark);
      return answerFor(event, { ...facts, started });
    }
    case 'settle':
      return settled(gate, event, { facts, answer, write: answer.write });
    default:
      return answer;
  }
}

interface Unsettled {
  readonly facts: Facts;
  readonly answer: Answer;
  readonly write: Settling;
}

async function settled(gate: GateContext, event: HookEvent, { facts, answer, write }: Unsettled): Promise<Answer> {
  const { release: id } = facts.deployment;
  const judged = write.by === 'judge' ? facts.ruling.judged : undefined;
  const minute = facts.ruling.judged?.minute ?? 0;
  const verdict = await settle(gate, id, {
    verdict: write.verdict,
    by: write.by,
    because: answer.because,
    minute,
    judged,
    minutes: facts.ruling.minutes,
  });
  await carryOut(gate, id, verdict);
  return verdict.verdict === write.verdict ? answer : answerFor(event, { ...facts, verdict });
}

import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { Release } from '../../lib/model/release';
import { writeLog } from '../log';
import type { Ruling } from './answer';
import { carryOut, end, settle } from './carrying-out';
import { recall } from './final-bake';
import { brokenParts, type Closed, closedMinutes, type GateContext, isLate, rulingOn } from './gathering';
import type { FinalVerdict, Ledger, Mark } from './ledger';
import { writeRecording } from './minutes-file';
import { type Rates, ratesFor } from './rates';

/** What the prober should measure in the coming minute. */
export type Brief =
  | { readonly live: false }
  | {
      readonly live: true;
      readonly release: string;
      readonly stable: string;
      readonly plan: Plan;
      /** Samples on each arm, by probe. */
      readonly rates: Rates;
      /** Hash of the answer that each release promised to each fixture, by release and probe. */
      readonly expected: Readonly<Record<string, Release['expected']>>;
    };

export interface TickResult {
  /** Release under way, if there is one. */
  readonly release?: string;
  /** Minutes judged so far. */
  readonly minutes: number;
  readonly verdict?: FinalVerdict['verdict'];
  readonly because: string;
  readonly ended: boolean;
}

const IDLE: TickResult = { minutes: 0, because: 'no release is under way', ended: true };

/**
 * The end of a minute. ECS may not call a hook while a step bakes, so this is where most verdicts are reached; and it goes on
 * through the final bakes, until every deployment of the release has ended.
 *
 * @throws what a port throws; nothing is lost, as the next tick does everything again that was not done
 */
export async function tick(gate: GateContext): Promise<TickResult> {
  const id = await gate.ledger.live();
  if (id === undefined) return idle(gate);
  const started = await gate.ledger.started(id);
  const closed = started && (await record(gate, id, started));
  const minutes = closed?.minutes.length ?? 0;
  const verdict = (await gate.ledger.verdict(id)) ?? (await decide(gate, id, closed));
  if (typeof verdict === 'string') return { release: id, minutes, because: verdict, ended: false };
  const because = await afterVerdict(gate, id, { verdict, closed });
  const ending = await end(gate, id, verdict);
  if (ending) await gate.ports.notices.notify(`${id}: ${ending.outcome}`, ending.because);
  writeLog('ticked', {
    release: id,
    minutes,
    verdict: verdict.verdict,
    because,
    ended: ending?.outcome,
  });
  return { release: id, minutes, verdict: verdict.verdict, because, ended: ending !== undefined };
}

interface Decided {
  readonly verdict: FinalVerdict;
  readonly closed: Closed | undefined;
}

/** Do what the verdict demands, or what the final bake after it has shown. @returns why, in words */
async function afterVerdict(gate: GateContext, id: string, { verdict, closed }: Decided): Promise<string> {
  const recalled = verdict.verdict === 'promote' && closed ? await recall(gate, id, { verdict, ...closed }) : undefined;
  await carryOut(gate, id, verdict);
  return (recalled ?? verdict).because;
}

/** Stop the clock that called; unless a release took its turn meanwhile, which may have started it before it was stopped. */
async function idle({ ledger, ports }: GateContext): Promise<TickResult> {
  await ports.schedule?.stop();
  if ((await ledger.live()) !== undefined) await ports.schedule?.start();
  return IDLE;
}

/** Keep the minutes and the next minute's rates in the ledger, for the report, for a replay, and for the prober. */
async function record({ ledger, ports, ...gate }: GateContext, id: string, started: Mark): Promise<Closed> {
  const closed = await closedMinutes({ ledger, ports, ...gate }, id, started);
  const { plan, minutes, unreadable } = closed;
  if (unreadable !== undefined) return closed;
  const header = { format: 'minutes', version: 1, release: id, stable: plan.stable, startedAt: started.at } as const;
  await ledger.writeMinutes(id, writeRecording({ header, minutes }));
  await ledger.writeRates(id, ratesFor(plan, minutes));
  return closed;
}

/** @returns the verdict, or in words what the release waits for */
async function decide(gate: GateContext, id: string, closed: Closed | undefined): Promise<FinalVerdict | string> {
  const broken = await brokenParts(gate, id);
  if (broken.length > 0) return settle(gate, id, { ...failedPart(closed), because: broken.join('; ') });
  if (!closed) return decideUnstarted(gate, id);
  const said = await rulingOn(gate, id, closed);
  await signalEvidence(gate, said);
  if (said.verdict === 'wait') return waiting(gate, id, said);
  const { verdict, by, because, judged, minutes } = said;
  return settle(gate, id, { verdict, by, because, minute: judged?.minute ?? closed.minutes.length, judged, minutes });
}

/** What a deployment alarm stands on, should no verdict of ours get through. It must not itself keep a verdict back. */
async function signalEvidence({ ports }: GateContext, { judged }: Ruling): Promise<void> {
  if (!judged) return;
  const { lnE, threshold } = judged.evidence;
  const overLimit = lnE - Math.log(threshold);
  await ports.metrics
    .signal('RollbackEvidence', overLimit)
    .catch((error) => writeLog('could not signal the evidence', { overLimit, error }));
}

async function decideUnstarted(gate: GateContext, id: string): Promise<FinalVerdict | string> {
  const orders = await gate.ledger.orders(id);
  const abort = orders.findLast(({ kind }) => kind === 'abort');
  if (abort) {
    const because = `abort by ${abort.by}: ${abort.reason}`;
    return settle(gate, id, { verdict: 'rollback', by: 'order', because, minute: 0 });
  }
  const opened = await gate.ledger.opened(id);
  if (!isLate(gate, opened, undefined)) {
    if (opened) await keepCanaryWorkers(gate);
    return 'the path is being assembled';
  }
  return settle(gate, id, { ...failedPart(undefined), because: 'the path was never whole' });
}

/** Their own deployment, which may come after the release was opened, sets their number back to its template's. */
async function keepCanaryWorkers({ config, ports }: GateContext): Promise<void> {
  const { desired } = await ports.deployments.canaryWorkers();
  if (desired < config.canaryWorkers) await ports.deployments.scaleCanaryWorkers(config.canaryWorkers);
}

function failedPart(closed: Closed | undefined): Pick<FinalVerdict, 'verdict' | 'by' | 'minute'> {
  return { verdict: 'rollback', by: 'part', minute: closed?.minutes.length ?? 0 };
}

/** A hold needs people; they are told once for each reason. */
async function waiting({ ledger, ports }: GateContext, id: string, { because, judged, by }: Ruling): Promise<string> {
  const needsPeople = by === 'order' || judged?.verdict === 'hold';
  const reason = judged ? `${judged.verdict} ${judged.because} ${judged.probe ?? ''}` : because;
  if (needsPeople && (await ledger.waiting(id)) !== reason) {
    await ledger.writeWaiting(id, reason);
    await ports.notices.notify(`${id}: on hold`, because);
  }
  return because;
}

/** What to measure while a release is under way, and in its final bake. */
export async function brief({ ledger }: GateContext): Promise<Brief> {
  const id = await ledger.live();
  if (id === undefined || !(await ledger.started(id))) return { live: false };
  const plan = await ledger.plan(id);
  if (!plan) return { live: false };
  const rates = (await ledger.rates(id)) ?? ratesFor(plan, NO_MINUTES);
  const expected = { [id]: await promised(ledger, id), [plan.stable]: await promised(ledger, plan.stable) };
  return { live: true, release: id, stable: plan.stable, plan, rates, expected };
}

async function promised(ledger: Ledger, id: string): Promise<Release['expected']> {
  return (await ledger.release(id))?.expected ?? {};
}

const NO_MINUTES: readonly Minute[] = [];

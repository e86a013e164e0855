import type { Minute, Verdict } from '../../lib/model/gate-plan';
import type { Order } from '../../lib/model/release';
import type { HookAnswer, HookEvent } from './hook';
import type { FinalVerdict, Freeze, Mark, Recall } from './ledger';
import type { DeploymentStatus, ServiceDeployment } from './ports';

/** What a smoke test of a new revision said. `pending`: the test rule still leads to another release, or to nobody. */
export type Smoke = 'well' | 'sick' | 'pending';

/** What a revision is by its images: the release on trial, the stable one, the first there ever was, or nothing the ledger knows. */
export type Target = 'release' | 'stable' | 'first' | 'unknown';

/** All that an answer depends on. */
export interface Facts {
  readonly deployment: ServiceDeployment;
  readonly target: Target;
  /** Release that serves everybody. */
  readonly stable: string | undefined;
  /** Release whose turn it is. */
  readonly live: string | undefined;
  readonly freeze: Freeze | undefined;
  readonly verdict: FinalVerdict | undefined;
  readonly recall: Recall | undefined;
  readonly opened: Mark | undefined;
  readonly started: Mark | undefined;
  /** Parts of the release that failed by themselves, each in words. */
  readonly broken: readonly string[];
  /** What the path still lacks before a user may enter it, in words. */
  readonly missing: readonly string[];
  /** Whether the front has waited for them for longer than the rendezvous allows. */
  readonly late: boolean;
  readonly smoke: Smoke;
  /** The judge's word and a person's, already weighed against each other. */
  readonly ruling: Ruling;
}

/** What is to be done with a release that has started. */
export interface Ruling {
  readonly verdict: 'promote' | 'rollback' | 'wait';
  readonly by: 'judge' | 'order';
  readonly because: string;
  readonly judged?: Verdict;
  /** Those it rests on. */
  readonly minutes?: readonly Minute[];
}

/** What the gate writes before it gives its answer. Each write may be lost to one that came first. */
export type Write =
  | { readonly kind: 'bootstrap' }
  | { readonly kind: 'open' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'start' }
  | { readonly kind: 'settle'; readonly verdict: 'promote' | 'rollback'; readonly by: FinalVerdict['by'] };

export interface Answer {
  readonly answer: HookAnswer;
  readonly because: string;
  readonly write?: Write;
}

/** Seconds after which ECS asks again: a verdict moves once a minute, an assembly or a rule within seconds. */
const NEXT_MINUTE = 60;
const SOON = 15;

/**
 * What to answer ECS. Pure: the same facts give the same answer, whichever call looks first.
 *
 * The first rule that applies decides.
 */
export function answerFor(event: HookEvent, facts: Facts): Answer {
  const { deployment, target, stable } = facts;
  if (isGoingBack(deployment)) return pass('a rollback is under way; it must not wait');
  if (target !== 'release') return untried(event, facts);
  if (facts.verdict?.verdict === 'rollback') return fail(`rolled back: ${facts.verdict.because}`);
  if (facts.recall) return fail(`taken back: ${facts.recall.because}`);
  if (facts.broken.length > 0) return fail(facts.broken.join('; '), settle('rollback', 'part'));
  // ECS gives a service that has nothing beside it everybody at once, and the judge would have nothing to compare it with
  if (isNew(deployment) && deployment.lane === 'front') return fail(`nothing to compare with; deploy ${stable} first`);
  return byStage(event, facts);
}

/** What no judge is asked about. */
function untried(event: HookEvent, facts: Facts): Answer {
  const { deployment, target } = facts;
  if (target === 'unknown') return fail(`no release in the ledger has these images as ${deployment.release}`);
  if (isNew(deployment)) return first(event, facts);
  return pass('the stable release is being put back');
}

/** Whether nothing of the service runs that it could be compared with, or go back to. */
export function isNew({ sourceRevisions }: ServiceDeployment): boolean {
  return sourceRevisions.length === 0;
}

function byStage(event: HookEvent, facts: Facts): Answer {
  switch (event.lifecycleStage) {
    case 'PRE_SCALE_UP':
      return open(facts);
    case 'POST_TEST_TRAFFIC_SHIFT':
      return smoke(facts);
    case 'PRE_PRODUCTION_TRAFFIC_SHIFT':
      return facts.deployment.lane === 'front' ? front(event, facts) : inner(facts);
    default:
      return pass(`nothing to say at ${event.lifecycleStage}`);
  }
}

/** Nothing of the service runs to compare with or to fall back to; only its smoke test stands before it. */
function first(event: HookEvent, facts: Facts): Answer {
  if (event.lifecycleStage !== 'POST_TEST_TRAFFIC_SHIFT') return pass('first deployment of this service');
  if (facts.smoke === 'pending') return wait('the test rule does not lead to the new revision yet', SOON);
  if (facts.smoke === 'sick') return fail('first deployment: it does not answer well');
  return pass('first deployment: it answers', { kind: 'bootstrap' });
}

function open({ freeze, live, deployment }: Facts): Answer {
  if (freeze?.frozen) return fail(`frozen by ${freeze.by}: ${freeze.reason}`);
  if (live !== undefined && live !== deployment.release) return fail(`${live} is still under way`);
  return pass(`${deployment.release} may start its tasks`, { kind: 'open' });
}

function smoke(facts: Facts): Answer {
  if (facts.smoke === 'well') return pass('the new revision answers');
  if (facts.smoke === 'pending') return wait('the test rule does not lead to the new revision yet', SOON);
  const because = `${facts.deployment.service} is not well in its smoke test`;
  return fail(because, settle('rollback', 'part'));
}

/** Before the first step the path is assembled; the same execution gets the same answer again if it was lost. */
function front(event: HookEvent, facts: Facts): Answer {
  const { started, missing, late, opened } = facts;
  if (started && started.executionId !== event.executionId) return byRuling(facts);
  if (started) return pass('the canary may take its share');
  if (!opened) return wait('the release is not open in the ledger', SOON);
  if (missing.length === 0) return pass('the path is whole: the canary may take its share', { kind: 'start' });
  if (late) return fail(`the path was never whole: ${missing.join(', ')}`, settle('rollback', 'part'));
  return wait(`waiting for ${missing.join(', ')}`, SOON);
}

function inner(facts: Facts): Answer {
  const answer = facts.started ? byRuling(facts) : wait('ready; the canary has not started', SOON);
  return answer.write ? answer : { ...answer, write: { kind: 'ready' } };
}

function byRuling({ verdict, ruling }: Facts): Answer {
  if (verdict?.verdict === 'promote') return pass(`promoted: ${verdict.because}`);
  if (ruling.verdict === 'promote') return pass(ruling.because, settle('promote', ruling.by));
  if (ruling.verdict === 'rollback') return fail(ruling.because, settle('rollback', ruling.by));
  return wait(ruling.because, NEXT_MINUTE);
}

const GOING_AHEAD: readonly DeploymentStatus[] = ['PENDING', 'IN_PROGRESS', 'SUCCESSFUL'];

/** Also where it has gone back, or could not. */
export function isGoingBack({ status, rollback }: ServiceDeployment): boolean {
  return rollback !== undefined || !GOING_AHEAD.includes(status);
}

/**
 * The judge's word against people's.
 *
 * An abort or an override is carried out whatever the judge says; a hold keeps a promotion back, never a rollback.
 *
 * @param judged undefined while no minute may be judged
 * @param reason the judge's word for people
 */
export function ruling(orders: readonly Order[], judged: Verdict | undefined, reason: string): Ruling {
  const order = orders.findLast(({ kind }) => kind === 'abort' || kind === 'override');
  if (order) return { verdict: order.kind === 'abort' ? 'rollback' : 'promote', by: 'order', because: inWords(order) };
  if (judged?.verdict === 'rollback') return { verdict: 'rollback', by: 'judge', because: reason, judged };
  const held = orders.findLast(({ kind }) => kind === 'hold' || kind === 'resume');
  if (held?.kind === 'hold') return { verdict: 'wait', by: 'order', because: inWords(held), judged };
  if (judged?.verdict === 'promote') return { verdict: 'promote', by: 'judge', because: reason, judged };
  return { verdict: 'wait', by: 'judge', because: reason, judged };
}

function inWords({ kind, by, reason }: Order): string {
  return `${kind} by ${by}: ${reason}`;
}

function settle(verdict: 'promote' | 'rollback', by: FinalVerdict['by']): Write {
  return { kind: 'settle', verdict, by };
}

function pass(because: string, write?: Write): Answer {
  return { answer: { hookStatus: 'SUCCEEDED' }, because, write };
}

function fail(because: string, write?: Write): Answer {
  return { answer: { hookStatus: 'FAILED' }, because, write };
}

function wait(because: string, seconds: number): Answer {
  return { answer: { hookStatus: 'IN_PROGRESS', callBackDelay: seconds }, because };
}

import { randomUUID } from 'node:crypto';
import type { HookAnswer, HookEvent } from '../../lambda/gate/hook';
import type { Clock } from '../clock';

/** Calls the hook's Lambda function. Rejects when the function throws. */
export type InvokeHook = (event: HookEvent) => Promise<unknown>;

/** What ECS waits before it asks again, where the answer does not say. */
const DEFAULT_DELAY_SECONDS = 30;
const STATUSES = ['SUCCEEDED', 'FAILED', 'IN_PROGRESS'];

interface HookCall {
  readonly event: Omit<HookEvent, 'executionId'>;
  readonly invoke: InvokeHook;
  readonly clock: Clock;
  /** The hook as a whole; when it is over the answer counts as FAILED. */
  readonly timeoutMinutes: number;
  readonly signal: AbortSignal;
  /** `SUCCEEDED`, `FAILED`, or `IN_PROGRESS, 60 s`. */
  readonly onAnswer?: (answer: string) => void;
}

/**
 * Call a hook until it says SUCCEEDED.
 *
 * @throws Error when it says FAILED, throws, gives no valid answer, or is still IN_PROGRESS at its timeout; the signal's reason
 *   when it is aborted
 */
export async function callHook({ event, invoke, clock, timeoutMinutes, signal, onAnswer }: HookCall): Promise<void> {
  const { lifecycleStage: stage } = event;
  const executionId = randomUUID();
  const end = Date.now() + clock.ofSeconds(timeoutMinutes * 60);
  let hookDetails = event.hookDetails;
  while (Date.now() < end) {
    const answer = await ask(invoke, { ...event, executionId, hookDetails });
    signal.throwIfAborted();
    const seconds = answer.callBackDelay ?? DEFAULT_DELAY_SECONDS;
    onAnswer?.(answer.hookStatus === 'IN_PROGRESS' ? `IN_PROGRESS, ${seconds} s` : answer.hookStatus);
    if (answer.hookStatus === 'SUCCEEDED') return;
    if (answer.hookStatus === 'FAILED') throw new Error(`the hook failed at ${stage}`);
    hookDetails = { ...hookDetails, ...answer.hookDetails };
    await clock.waitSeconds(seconds, signal);
  }
  throw new Error(`the hook timed out at ${stage} after ${timeoutMinutes} minutes`);
}

type FullAnswer = HookAnswer & { readonly hookDetails?: HookEvent['hookDetails'] };

async function ask(invoke: InvokeHook, event: HookEvent): Promise<FullAnswer> {
  try {
    const answer = (await invoke(event)) as FullAnswer | undefined;
    if (answer && STATUSES.includes(answer.hookStatus)) return answer;
    throw new Error(`HookStatus must be one of ${STATUSES.join(', ')}`);
  } catch (cause) {
    throw new Error(`the hook broke at ${event.lifecycleStage}: ${(cause as Error).message}`);
  }
}

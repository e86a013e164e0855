import type { Minute, Plan } from '../../lib/model/gate-plan';
import type { Order, Release } from '../../lib/model/release';
import type { LifecycleStage } from '../gate/hook';
import type { Ending, FinalVerdict, Ledger, Mark, Recall } from '../gate/ledger';
import { readRecording } from '../gate/minutes-file';
import type { DeploymentStatus } from '../gate/ports';

export type Happened =
  | { readonly kind: 'status'; readonly status: DeploymentStatus; readonly reason?: string }
  /** Those without a hook are passed by ECS itself. */
  | { readonly kind: 'stage'; readonly stage: LifecycleStage | 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP' }
  | { readonly kind: 'answer'; readonly stage: LifecycleStage; readonly answer: string }
  /** Production weight of the release. */
  | { readonly kind: 'weight'; readonly percent: number }
  /** A task ended, or could not be started. */
  | { readonly kind: 'task'; readonly what: string }
  /** Workers wanted. */
  | { readonly kind: 'scale'; readonly count: number };

/** Something that happened to a service. */
export type Happening = { readonly service: string; readonly release: string } & Happened;

export type TimedHappening = Happening & {
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** What the balancer counted for one release in one minute. */
export interface TrafficMinute {
  /** Milliseconds since the epoch. */
  readonly minuteStart: number;
  readonly release: string;
  readonly requests: number;
  /** 5xx that the service itself answered. */
  readonly errors: number;
  /** Requests by the bucket their time falls in; one more than there are ends. */
  readonly buckets: readonly number[];
}

export interface Traffic {
  /** Upper ends of the latency buckets in ms; the last bucket has none. */
  readonly bucketsMs: readonly number[];
  readonly minutes: readonly TrafficMinute[];
}

/** Something people were told. */
export interface Notice {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly subject: string;
  readonly text: string;
}

/** What was broken on purpose, and what had to come of it. */
export interface Rehearsed {
  readonly fault: string;
  readonly sentence: string;
  readonly expected: Ending['outcome'] | 'refused';
  readonly asExpected: boolean;
}

/** What the ledger does not know of a release's surroundings. */
export interface Surroundings {
  readonly system: string;
  readonly env: string;
  /** Service that the users reach first. */
  readonly front: string;
  /** Length of one judged minute: 60,000 but in a rehearsal. */
  readonly minuteMs: number;
  readonly timeline?: readonly TimedHappening[];
  readonly traffic?: Traffic;
  readonly notices?: readonly Notice[];
  readonly rehearsed?: Rehearsed;
  /** Why it was not let on its way at all. */
  readonly refused?: string;
  /** What else a reader should know, e.g. `['Database', 'PostgreSQL 18']`. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
}

/** Everything a report tells. What is absent did not happen, or nobody recorded it. */
export interface ReleaseStory extends Surroundings {
  readonly release: string;
  /** The release it would replace. */
  readonly stable?: string;
  readonly record?: Release;
  readonly plan?: Plan;
  /** From minute 1 on, without a gap. */
  readonly minutes: readonly Minute[];
  /** ISO 8601: when the canary took its first share. */
  readonly startedAt?: string;
  readonly opened?: Mark;
  readonly verdict?: FinalVerdict;
  /** Why the promotion was taken back, if it was. */
  readonly recall?: Recall;
  readonly ending?: Ending;
  readonly orders?: readonly Order[];
}

/**
 * What the ledger holds of a release, with what is known of its surroundings.
 *
 * @throws ConfigError when the recorded minutes cannot be read
 */
export async function storyFrom(ledger: Ledger, release: string, surroundings: Surroundings): Promise<ReleaseStory> {
  const plan = await ledger.plan(release);
  const recording = await ledger.minutes(release);
  return {
    ...surroundings,
    ...{ release, plan, stable: plan?.stable },
    record: await ledger.release(release),
    minutes: recording === undefined ? [] : readRecording(`releases/${release}/minutes.ndjson`, recording).minutes,
    startedAt: (await ledger.started(release))?.at,
    opened: await ledger.opened(release),
    verdict: await ledger.verdict(release),
    recall: await ledger.recall(release),
    ending: await ledger.ending(release),
    orders: await ledger.orders(release),
  };
}

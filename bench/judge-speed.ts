import { foldMinute, judge } from '../lambda/gate/judge';
import { openTrial } from '../lambda/gate/trial';
import { DEFAULT_PLAN, LOGIN } from '../lib/model/gate-defaults';
import type { Minute, Plan } from '../lib/model/gate-plan';

const MINUTES = 45;
const PROBES = ['a', 'b', 'c', 'd', 'e', 'f'];
const DAY = 24 * 60;

/** Milliseconds a 45-minute release with six probes may take, and how often over what its logarithms alone take. */
const MOST_MS = 5;
const MOST_RATIO = 8;

/** Logarithms and exponentials that such a release needs, about: of ten alternatives in two tests, and of the certificates. */
const LOGS = MINUTES * PROBES.length * 150;

export interface Speed {
  /** Median of many judgements, and of the first ones in a fresh process. */
  readonly ms: number;
  readonly firstMs: number;
  /** `ms` over the time of its logarithms alone, which cancels out how fast the machine is. */
  readonly ratio: number;
  /** Size of a trial's state after an hour and after a day, in characters of JSON. */
  readonly stateAfterHour: number;
  readonly stateAfterDay: number;
}

/** Rolled back by nothing and promoted at the very end, so that no minute is saved. */
const PLAN: Plan = { ...DEFAULT_PLAN, bakeMin: MINUTES, probes: PROBES.map((id) => ({ ...LOGIN, id })) };

export function measureSpeed(): Speed {
  const minutes = Array.from({ length: MINUTES }, (_, i) => aMinute(i + 1, 20));
  const judgements = () => times(() => judge(PLAN, minutes), 15);
  const firstMs = judgements()[0]!;
  times(() => judge(PLAN, minutes), 200);
  const ms = median(judgements());
  return {
    ...{ ms, firstMs, ratio: ms / median(times(logarithms, 15)) },
    ...{ stateAfterHour: stateAfter(60), stateAfterDay: stateAfter(DAY) },
  };
}

/** What is wrong with a measurement; nothing if it holds. */
export function slowness({ ms, ratio, stateAfterHour, stateAfterDay }: Speed): readonly string[] {
  return [
    ...(ms > MOST_MS ? [`a release is judged in ${ms.toFixed(2)} ms, expected at most ${MOST_MS}`] : []),
    ...(ratio > MOST_RATIO ? [`that is ${ratio.toFixed(1)} times its logarithms, expected at most ${MOST_RATIO}`] : []),
    ...(stateAfterDay > 1.01 * stateAfterHour
      ? [`a trial grows from ${stateAfterHour} to ${stateAfterDay} characters in a day`]
      : []),
  ];
}

/** A breach now and then on either arm, never enough to decide. */
function aMinute(minute: number, n: number): Minute {
  const arm = (every: number) => ({ n, breaches: minute % every === 0 ? 1 : 0, hard: 0 });
  const counts = { canary: arm(5), stable: arm(7), misrouted: 0 };
  return { minute, probes: Object.fromEntries(PROBES.map((id) => [id, counts])) };
}

function stateAfter(minutes: number): number {
  const trial = openTrial({ ...PLAN, bakeMin: DAY + 1, hardStopMin: DAY + 1 });
  for (let minute = 1; minute <= minutes; minute++) foldMinute(trial, aMinute(minute, 1e7));
  return JSON.stringify(trial).length;
}

function logarithms(): number {
  let sum = 0;
  for (let i = 1; i <= LOGS; i++) sum += Math.log(i) + Math.exp(-i / LOGS);
  return sum;
}

function times(work: () => unknown, count: number): readonly number[] {
  return Array.from({ length: count }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

import { judge, judgeFinalBake } from '../../lambda/gate/judge';
import type { FinalVerdict, Recall } from '../../lambda/gate/ledger';
import { reasonOf } from '../../lambda/gate/reason';
import type { ReleaseStory, TimedHappening, TrafficMinute } from '../../lambda/report/story';
import { DEFAULT_PLAN } from '../../lib/model/gate-defaults';
import type { Arm, Minute, Plan, ProbeSpec } from '../../lib/model/gate-plan';

export const MINUTE_MS = 60_000;
/** Start of minute 1, a whole minute. */
export const ZERO = Date.parse('2026-11-21T08:05:00Z');
const PLAN: Plan = { ...DEFAULT_PLAN, release: 'v1.4.0', stable: 'v1.3.2' };
/** Minutes in which a promoted release can still go back. */
const FINAL_BAKE_MIN = 10;

/** Chance of a breach on an arm in a minute. */
export type Chance = (probe: ProbeSpec, arm: 'canary' | 'stable', minute: number) => number;

export interface Telling {
  readonly chance?: Chance;
  readonly seed?: number;
  readonly release?: string;
}

/** The story of a release whose samples are drawn at random and whose verdict is the judge's. */
export function storyOf({ chance = typical, seed = 1, release = PLAN.release }: Telling = {}): ReleaseStory {
  const plan = { ...PLAN, release };
  const { minutes, verdict } = untilFinal(plan, { chance, random: seeded(seed) });
  const final = verdict.verdict;
  const end = verdict.minute + (final === 'promote' ? FINAL_BAKE_MIN : 1);
  return {
    ...{
      system: 'coach',
      env: 'prod',
      front: 'edge',
      minuteMs: MINUTE_MS,
      release,
      stable: plan.stable,
      plan,
      minutes,
      verdict,
    },
    opened: { at: iso(-4.5) },
    startedAt: iso(-0.6),
    ending: { outcome: final === 'promote' ? 'promoted' : 'rolled back', because: verdict.because, at: iso(end) },
    timeline: timelineOf(release, verdict, end),
    traffic: { bucketsMs: [100, 250], minutes: minutes.flatMap((minute) => trafficOf(plan, minute)) },
    notices: [{ at: ZERO, subject: `${release}: ${final}`, text: verdict.because }],
    facts: [['Database', 'PostgreSQL 18.4, embedded']],
  };
}

/** A release that is promoted, and whose sign-in breaks in its final bake. */
export function undone(): ReleaseStory {
  const promoted = storyOf();
  const { plan, minutes, verdict, release } = promoted as Required<ReleaseStory>;
  const { minute: promotedAt } = verdict;
  const bake = [...minutes];
  const draws = { chance: slowLogin(0.9, promotedAt + 1), random: seeded(1) };
  for (;;) {
    bake.push(minuteOf(plan, bake.length + 1, draws));
    const judged = judgeFinalBake(plan, bake, promotedAt);
    if (!judged) continue;
    const { minute } = judged;
    const because = `in its final bake: ${reasonOf(plan, judged)}`;
    const recall: Recall = { by: 'judge', because, minute, judged, at: iso(minute + 0.2) };
    const before = promoted.timeline!.filter(({ at }) => at < ZERO + minute * MINUTE_MS);
    const back = { at: ZERO + (minute + 1) * MINUTE_MS, service: 'edge', release, kind: 'weight', percent: 0 } as const;
    const ending = { outcome: 'undone', because, at: iso(minute + 1) } as const;
    return { ...promoted, minutes: bake, recall, ending, timeline: [...before, back] };
  }
}

/** A release whose inner service never came up: nobody met it and nothing was measured. */
export function stillborn(release = 'v1.4.0'): ReleaseStory {
  const because = 'core went back (tasks keep failing)';
  const happened = { at: ZERO - 2 * MINUTE_MS, service: 'core', release };
  return {
    ...{
      system: 'coach',
      env: 'prod',
      front: 'edge',
      minuteMs: MINUTE_MS,
      release,
      stable: 'v1.3.2',
      plan: { ...PLAN, release },
    },
    minutes: [],
    opened: { at: iso(-4) },
    verdict: { verdict: 'rollback', by: 'part', because, minute: 0, at: iso(-1) },
    ending: { outcome: 'rolled back', because, at: iso(0) },
    timeline: [
      { ...happened, at: ZERO - 4 * MINUTE_MS, kind: 'status', status: 'IN_PROGRESS' },
      { ...happened, kind: 'task', what: 'a task ended with code 1' },
      {
        ...happened,
        at: ZERO - MINUTE_MS,
        kind: 'status',
        status: 'ROLLBACK_SUCCESSFUL',
        reason: 'tasks keep failing',
      },
    ],
  };
}

/** What a good release does. */
export const typical: Chance = (probe) => (probe.kind === 'rate' ? probe.typical : 0);

/** A release whose sign-in is slow on the canary from a minute on. */
export function slowLogin(chance = 0.2, fromMin = 1): Chance {
  return (probe, arm, minute) =>
    probe.id === 'login' && arm === 'canary' && minute >= fromMin ? chance : typical(probe, arm, minute);
}

interface Draws {
  readonly chance: Chance;
  readonly random: () => number;
}

function untilFinal(plan: Plan, draws: Draws): { readonly minutes: readonly Minute[]; readonly verdict: FinalVerdict } {
  const minutes: Minute[] = [];
  for (;;) {
    minutes.push(minuteOf(plan, minutes.length + 1, draws));
    const judged = judge(plan, minutes);
    if (judged.verdict !== 'promote' && judged.verdict !== 'rollback') continue;
    const because = reasonOf(plan, judged);
    const { verdict, minute } = judged;
    return { minutes, verdict: { verdict, by: 'judge', because, minute, at: iso(minute + 0.2), judged } };
  }
}

function minuteOf({ probes }: Plan, minute: number, { chance, random }: Draws): Minute {
  const draw = (probe: ProbeSpec, arm: 'canary' | 'stable'): Arm => {
    const samples = Array.from({ length: probe.perMinute }, () => random() < chance(probe, arm, minute));
    const breaches = samples.filter(Boolean).length;
    return { n: samples.length, breaches, hard: probe.kind === 'exact' ? breaches : 0 };
  };
  return {
    minute,
    probes: Object.fromEntries(
      probes.map((probe) => [probe.id, { canary: draw(probe, 'canary'), stable: draw(probe, 'stable'), misrouted: 0 }]),
    ),
  };
}

function timelineOf(release: string, { verdict, minute }: FinalVerdict, end: number): readonly TimedHappening[] {
  const on = (service: string, at: number) => ({ at: ZERO + at * MINUTE_MS, service, release });
  const decided = minute + 0.2;
  const begun = ['edge', 'core', 'ai'].flatMap((service, i): TimedHappening[] => [
    { ...on(service, -4.5 + i / 10), kind: 'status', status: 'IN_PROGRESS' },
    { ...on(service, -4.4 + i / 10), kind: 'stage', stage: 'PRE_SCALE_UP' },
    { ...on(service, -4.2 + i / 10), kind: 'stage', stage: 'SCALE_UP' },
    { ...on(service, -2 + i / 10), kind: 'stage', stage: 'POST_TEST_TRAFFIC_SHIFT' },
    { ...on(service, -1.8 + i / 10), kind: 'answer', stage: 'POST_TEST_TRAFFIC_SHIFT', answer: 'SUCCEEDED' },
    { ...on(service, -1.7 + i / 10), kind: 'stage', stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' },
  ]);
  const closing = ['edge', 'core', 'ai'].flatMap((service, i): TimedHappening[] =>
    verdict === 'promote'
      ? [
          { ...on(service, decided + i / 5), kind: 'weight', percent: 100 },
          { ...on(service, decided + i / 5), kind: 'stage', stage: 'BAKE_TIME' },
          { ...on(service, end), kind: 'status', status: 'SUCCESSFUL' },
        ]
      : [
          { ...on(service, decided), kind: 'status', status: 'ROLLBACK_REQUESTED', reason: 'stopped by the gate' },
          { ...on(service, decided), kind: 'status', status: 'ROLLBACK_IN_PROGRESS', reason: 'stopped by the gate' },
          { ...on(service, decided + 0.1), kind: 'weight', percent: 0 },
          { ...on(service, end), kind: 'status', status: 'ROLLBACK_SUCCESSFUL', reason: 'stopped by the gate' },
        ],
  );
  return [
    ...begun,
    { ...on('workers-canary', -4.3), kind: 'scale', count: 1 },
    { ...on('edge', -0.6), kind: 'weight', percent: 10 },
    ...closing,
    { ...on('workers-canary', decided + 0.1), kind: 'scale', count: 0 },
  ];
}

function trafficOf({ release, stable }: Plan, { minute }: Minute): readonly TrafficMinute[] {
  const minuteStart = ZERO + (minute - 1) * MINUTE_MS;
  const requests = 50 + ((minute * 7) % 11);
  const counts = (count: number, errors: number) => ({ requests: count, errors, buckets: [count - 3, 2, 1] });
  return [
    { minuteStart, release, ...counts(requests, minute % 4 === 0 ? 1 : 0) },
    { minuteStart, release: stable, ...counts(9 * requests, 0) },
  ];
}

function iso(minute: number): string {
  return new Date(ZERO + minute * MINUTE_MS).toISOString();
}

/** Numbers in [0, 1) that a seed determines. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

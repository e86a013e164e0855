import { describe, expect, test } from '@jest/globals';
import { lanesOf } from '../../../lambda/report/lanes';
import { ReleaseClock } from '../../../lambda/report/release-clock';
import type { Happened, TimedHappening } from '../../../lambda/report/story';

const MINUTE_MS = 1_000;
const STARTED = 5_000;

/** What happened to a service, at minutes of the release. */
function told(service: string, ...what: readonly (readonly [at: number, happened: Happened])[]): TimedHappening[] {
  return what.map(([at, happened]) => ({ at: STARTED + at * MINUTE_MS, service, release: 'v2', ...happened }));
}

function lanes(...timeline: readonly TimedHappening[]) {
  const startedAt = new Date(STARTED).toISOString();
  const story = { system: 'coach', env: 'prod', front: 'edge', minuteMs: MINUTE_MS, release: 'v2', minutes: [] };
  const clock = new ReleaseClock({ ...story, startedAt, timeline });
  return lanesOf(timeline, { front: 'edge', clock });
}

describe('the lane of a service', () => {
  test('is what it did with the release, span by span, whatever stages ECS went through', () => {
    const [lane] = lanes(
      ...told(
        'edge',
        [-4, { kind: 'status', status: 'IN_PROGRESS' }],
        [-3, { kind: 'stage', stage: 'SCALE_UP' }],
        [-2, { kind: 'stage', stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' }],
        [-1, { kind: 'weight', percent: 10 }],
        [0, { kind: 'stage', stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' }],
        [30, { kind: 'weight', percent: 100 }],
        [30, { kind: 'stage', stage: 'BAKE_TIME' }],
        [40, { kind: 'status', status: 'SUCCESSFUL' }],
      ),
    );

    expect(lane!.segments).toEqual([
      { phase: 'prepares', label: 'prepares', from: -4, to: -2 },
      { phase: 'waits', label: 'waits for its turn', from: -2, to: -1 },
      { phase: 'part', label: '10 % of traffic', from: -1, to: 30 },
      { phase: 'all', label: 'everybody', from: 30, to: 40 },
    ]);
    expect(lane!.end).toEqual({ at: 40, words: 'stays', reason: undefined, good: true });
  });

  test('goes back from the first word of it to the last, whatever weights and stages come between', () => {
    const reason = 'stopped by request';
    const [lane] = lanes(
      ...told(
        'edge',
        [0, { kind: 'weight', percent: 10 }],
        [5, { kind: 'status', status: 'ROLLBACK_REQUESTED', reason }],
        [6, { kind: 'weight', percent: 0 }],
        [7, { kind: 'stage', stage: 'PRODUCTION_TRAFFIC_SHIFT' }],
        [8, { kind: 'status', status: 'ROLLBACK_SUCCESSFUL', reason }],
      ),
    );

    expect(lane!.segments.at(-1)).toEqual({ phase: 'back', label: 'goes back', from: 5, to: 8 });
    expect(lane!.end).toEqual({ at: 8, words: 'went back', reason, good: false });
  });

  test('runs to the end of what is known where its deployment has not ended', () => {
    const timeline = [
      ...told('edge', [0, { kind: 'weight', percent: 10 }]),
      ...told('ai', [12, { kind: 'task', what: 'x' }]),
    ];

    expect(lanes(...timeline)[0]!.segments).toEqual([{ phase: 'part', label: '10 % of traffic', from: 0, to: 12 }]);
  });

  test('of workers is how many run', () => {
    const [lane] = lanes(
      ...told(
        'workers',
        [0, { kind: 'scale', count: 1 }],
        [2, { kind: 'scale', count: 3 }],
        [5, { kind: 'scale', count: 0 }],
      ),
    );

    expect(lane!.segments.map(({ label, from, to }) => [label, from, to])).toEqual([
      ['1 task', 0, 2],
      ['3 tasks', 2, 5],
    ]);
  });

  test('keeps the tasks that ended and the hooks that refused', () => {
    const stage = 'PRE_SCALE_UP';
    const [lane] = lanes(
      ...told(
        'core',
        [1, { kind: 'task', what: 'a task ended with code 1' }],
        [2, { kind: 'answer', stage, answer: 'SUCCEEDED' }],
        [3, { kind: 'answer', stage, answer: 'FAILED' }],
      ),
    );

    expect(lane!.troubles).toEqual([
      { at: 1, words: 'a task ended with code 1' },
      { at: 3, words: 'the hook refuses pre scale up' },
    ]);
  });
});

test('lanes stand front first and workers last', () => {
  const timeline = [
    ...told('workers', [-3, { kind: 'scale', count: 1 }]),
    ...told('ai', [-2, { kind: 'stage', stage: 'SCALE_UP' }]),
    ...told('core', [-2, { kind: 'stage', stage: 'SCALE_UP' }]),
    ...told('edge', [-1, { kind: 'stage', stage: 'SCALE_UP' }]),
  ];

  expect(lanes(...timeline).map(({ service }) => service)).toEqual(['edge', 'ai', 'core', 'workers']);
});

test('minute 1 is the first whole one in which the canary had its share', () => {
  const story = { system: 'coach', env: 'prod', front: 'edge', minuteMs: 60_000, release: 'v2', minutes: [] };
  const clock = new ReleaseClock({ ...story, startedAt: '2026-11-21T08:04:20Z' });

  expect(clock.minuteOf('2026-11-21T08:05:00Z')).toBe(0);
  expect(clock.minuteOf('2026-11-21T08:12:30Z')).toBe(7.5);
});

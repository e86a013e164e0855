import { expect, test } from '@jest/globals';
import type { TimedHappening } from '../../lambda/report/story';
import { strayTraffic } from '../../rehearsal/stray-traffic';

const WEIGHT = { kind: 'weight', release: 'v2', at: 0 } as const;
const edge = (...percents: readonly number[]): TimedHappening[] =>
  percents.map((percent) => ({ ...WEIGHT, service: 'edge', percent }));
const SERVED = { release: 'v2', front: 'edge', share: 10 } as const;

test('a release that had its share and gave it back is where it should be', () => {
  expect(strayTraffic(edge(10, 0), { ...SERVED, outcome: 'rolled back' })).toEqual([]);
});

test('one that no user met needs no weight at all', () => {
  expect(strayTraffic([], { ...SERVED, outcome: 'refused' })).toEqual([]);
});

test('one that still serves after it was rolled back is told of, by service', () => {
  const core: TimedHappening = { ...WEIGHT, service: 'core', percent: 100 };

  expect(strayTraffic([...edge(10), core], { ...SERVED, outcome: 'rolled back' })).toEqual([
    'edge of v2 serves 10 % of the users after it was rolled back',
    'core of v2 serves 100 % of the users after it was rolled back',
  ]);
});

test('one that had more users than its share before it was rolled back is told of', () => {
  expect(strayTraffic(edge(10, 100, 0), { ...SERVED, outcome: 'rolled back' })).toEqual([
    'edge of v2 had 100 % of the users, more than its share of 10 %',
  ]);
  expect(strayTraffic(edge(10, 100, 0), { ...SERVED, outcome: 'undone' })).toEqual([]);
});

test('one that was promoted serves everybody', () => {
  expect(strayTraffic(edge(10, 100), { ...SERVED, outcome: 'promoted' })).toEqual([]);
  expect(strayTraffic(edge(10), { ...SERVED, outcome: 'promoted' })).toEqual([
    'edge of v2 serves 10 % of the users after it was promoted',
  ]);
});

test('weights of other releases are not its own', () => {
  const other: TimedHappening = { ...WEIGHT, service: 'edge', release: 'v3', percent: 10 };

  expect(strayTraffic([...edge(10, 0), other], { ...SERVED, outcome: 'rolled back' })).toEqual([]);
});

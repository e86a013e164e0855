import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { canonicalJson, digestOf } from '../../../lambda/probes/canonical-json';
import { sampleFixture } from '../../../lambda/probes/fixture';
import type { ProbeConfig } from '../../../lib/model/system';
import { answering, StandIn } from './stand-in';

const AI: Extract<ProbeConfig, { kind: 'fixture' }> = {
  ...{ id: 'ai', kind: 'fixture', path: '/indicators', body: { prices: [1, 2], window: 2 } },
  ...{ perMinute: 1, burst: 1, confirm: 2 },
};
const RIGHT = { sma: 1.5, trend: 'up' };

let service: StandIn;

beforeEach(async () => {
  service = await StandIn.open(answering(200, 'v2', RIGHT));
});

afterEach(() => service.close());

function sample(expected: Record<string, Record<string, string>> = { v2: { ai: digestOf(RIGHT) } }) {
  return sampleFixture(AI, { entrance: service.entrance('test'), session: undefined, expected });
}

test('the answer that its release promised is well, whatever the order of its fields', async () => {
  service.serve = answering(200, 'v2', { trend: 'up', sma: 1.5 });

  expect(await sample()).toMatchObject({ release: 'v2', answered: true, breach: false, hard: false });
});

test('another answer is a hard failure that shows both hashes', async () => {
  service.serve = answering(200, 'v2', { ...RIGHT, sma: 1.500001 });

  const { hard, breach, why } = await sample();

  expect([hard, breach]).toEqual([true, true]);
  expect(why).toBe(
    `answer ${digestOf({ ...RIGHT, sma: 1.500001 }).slice(0, 8)}, promised ${digestOf(RIGHT).slice(0, 8)}`,
  );
});

test('each release is held to its own promise, and one that promised nothing to nothing', async () => {
  const other = digestOf({ sma: 9 });
  expect(await sample({ v1: { ai: other }, v2: { ai: digestOf(RIGHT) } })).toMatchObject({ hard: false });
  expect(await sample({ v1: { ai: other } })).toMatchObject({ hard: false, breach: false });
});

test('what is no success was not computed: a breach, no answer, and nothing wrong', async () => {
  service.serve = answering(500, 'v2');

  expect(await sample()).toMatchObject({ answered: false, breach: true, hard: false, why: 'status 500' });
});

test('a body that is no JSON is a wrong answer', async () => {
  service.serve = answering(200, 'v2', 'NaN');

  expect(await sample()).toMatchObject({ hard: true });
});

test('canonical JSON orders the fields of every object, and leaves arrays as they are', () => {
  expect(canonicalJson({ b: [2, 1, { z: 1, a: null }], a: 'x' })).toBe('{"a":"x","b":[2,1,{"a":null,"z":1}]}');
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
});

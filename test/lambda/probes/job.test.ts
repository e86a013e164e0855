import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleJob } from '../../../lambda/probes/job';
import type { ProbeConfig } from '../../../lib/model/system';
import { answer, answering, StandIn } from './stand-in';

const objective = { p0: 0.1, pTol: 0.25, typical: 0.03, mustCatch: 0.5, perMinute: 2, burst: 2, weight: 1 };
const IMPORT = {
  ...{ id: 'import', kind: 'job', path: '/imports', queue: 'import', boundMs: 5_000, objective },
} as const satisfies ProbeConfig;

let service: StandIn;

beforeEach(async () => {
  service = await StandIn.open(answering(200));
});

afterEach(() => service.close());

/** Accept a job as v1, then tell of it what is next in the list, and the last again and again. */
function tell(...states: readonly object[]): void {
  let looks = 0;
  service.serve = ({ method }, response) => {
    if (method === 'POST') return answer(response, { status: 202, release: 'v1', body: { id: 'job/1' } });
    return answer(response, { release: 'v1', body: states[Math.min(looks++, states.length - 1)] });
  };
}

function sample(probe = IMPORT) {
  return sampleJob(probe, { entrance: service.entrance(), session: undefined, expected: {} });
}

test('a job that reaches its end counts for the worker that took it, with every look an attempt', async () => {
  tell(
    { state: 'waiting', percent: 0 },
    { state: 'active', percent: 60, release: 'v2' },
    { state: 'done', percent: 100, release: 'v2' },
  );

  const { attempts, ...rest } = await sample();

  expect(rest).toMatchObject({ release: 'v2', answered: true, breach: false, hard: false, why: undefined });
  expect(attempts).toHaveLength(4);
  expect(service.asked).toEqual(['POST /imports', ...Array(3).fill('GET /imports/job%2F1')]);
});

test('a job that failed is a breach of its worker', async () => {
  tell({ state: 'failed', percent: 40, release: 'v2' });

  expect(await sample()).toMatchObject({ release: 'v2', breach: true, why: 'the job failed' });
});

test('a job that stands still is a breach that says how far it came', async () => {
  tell({ state: 'active', percent: 60, release: 'v2' });

  const { release, breach, why } = await sample({ ...IMPORT, boundMs: 120 as never });

  expect([release, breach]).toEqual(['v2', true]);
  expect(why).toMatch(/^at 60 % after \d+ ms$/);
});

test('a job that no worker took is a breach of the front that did not get it taken', async () => {
  tell({ state: 'waiting', percent: 0 });

  expect(await sample({ ...IMPORT, boundMs: 120 as never })).toMatchObject({ release: 'v1', breach: true });
});

test.each([
  ['refused', answering(503, 'v1'), 'status 503'],
  ['accepted without an id', answering(202, 'v1'), 'accepted without an id'],
])('a job that is %s is not looked for', async (_, serve, why) => {
  service.serve = serve;

  expect(await sample()).toMatchObject({ release: 'v1', breach: true, why });
  expect(service.asked).toEqual(['POST /imports']);
});

test('a look that fails is an attempt that failed, and the job goes on', async () => {
  let looks = 0;
  service.serve = ({ method }, response) => {
    if (method === 'POST') return answer(response, { status: 202, release: 'v1', body: { id: '1' } });
    looks += 1;
    return looks === 1
      ? answer(response, { status: 502 })
      : answer(response, { release: 'v1', body: { state: 'done', percent: 100, release: 'v2' } });
  };

  const { breach, attempts } = await sample();

  expect(breach).toBe(false);
  expect(attempts.map(({ failed, answered }) => [failed, answered])).toEqual([
    [false, true],
    [true, false],
    [false, true],
  ]);
});

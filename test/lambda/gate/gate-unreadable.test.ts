import { beforeEach, expect, jest, test } from '@jest/globals';
import { cleanMinutes, GateWorld } from '../../support/gate-world';

const MINUTE_MS = 60_000;
let world: GateWorld;

/** v2 takes its share; from then on no minute can be read. */
beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  await world.start();
  world.unreadable = 'CloudWatch: ServiceUnavailable';
});

test('while no minute can be read a release waits, and says why', async () => {
  const answer = await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-2');
  const { because, verdict } = await world.gate().tick();

  expect(answer).toEqual({ hookStatus: 'IN_PROGRESS', callBackDelay: 60 });
  expect(verdict).toBeUndefined();
  expect(because).toBe('the minutes cannot be read: CloudWatch: ServiceUnavailable');
});

test('minutes that can be read again decide as if nothing had been', async () => {
  await world.gate().tick();
  world.unreadable = undefined;
  world.minutes = cleanMinutes(30);

  expect(await world.gate().tick()).toMatchObject({ verdict: 'promote', minutes: 30 });
});

test('a release whose minutes cannot be read goes back at the hard stop, and not before', async () => {
  world.now += 45 * MINUTE_MS;
  expect((await world.gate().tick()).verdict).toBeUndefined();

  world.now += 2 * MINUTE_MS;
  const because = 'no minute could be read until the hard stop at minute 45: CloudWatch: ServiceUnavailable';
  expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because });
  expect(world.stopped).toHaveLength(2);
});

test('a service that goes back takes the release with it, readable or not', async () => {
  world.move('core', 'ROLLBACK_IN_PROGRESS', 'alarm front-5xx');

  expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'core went back (alarm front-5xx)' });
});

test('what people order is carried out, readable or not', async () => {
  const at = new Date(world.now).toISOString();
  await world.ledger.order('v2', { kind: 'abort', by: 'kim', reason: 'a mistake', at });

  expect(await world.gate().tick()).toMatchObject({ verdict: 'rollback', because: 'abort by kim: a mistake' });
});

test('the recording keeps what it had', async () => {
  world.unreadable = undefined;
  world.minutes = cleanMinutes(3);
  await world.gate().tick();
  const recorded = await world.store.get('releases/v2/minutes.ndjson');

  world.unreadable = 'CloudWatch: ServiceUnavailable';
  await world.gate().tick();
  expect(await world.store.get('releases/v2/minutes.ndjson')).toBe(recorded);
});

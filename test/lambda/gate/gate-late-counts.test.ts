import { beforeEach, expect, jest, test } from '@jest/globals';
import { readRecording } from '../../../lambda/gate/minutes-file';
import { replay } from '../../../lambda/gate/replay';
import type { Minute } from '../../../lib/model/gate-plan';
import { cleanMinutes, GateWorld, slowMinutes } from '../../support/gate-world';

let world: GateWorld;

/** Samples that came back after their minute was judged, all of them well. */
function late(minutes: readonly Minute[]): Minute[] {
  return minutes.map(({ minute, probes: { login, ...others } }) => {
    const canary = { ...login!.canary, n: login!.canary.n + 60 };
    return { minute, probes: { ...others, login: { ...login!, canary } } };
  });
}

async function recorded(): Promise<readonly Minute[]> {
  return readRecording('minutes.ndjson', (await world.ledger.minutes('v2'))!).minutes;
}

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  await world.start();
});

test('counts that come in after a verdict change nothing that it was reached on: a replay comes to the same', async () => {
  world.minutes = slowMinutes(6, 8);
  const { because } = await world.gate().tick();
  world.minutes = late(world.minutes);
  await world.gate().tick();

  const verdict = (await world.ledger.verdict('v2'))!;
  expect(verdict).toMatchObject({ verdict: 'rollback', because });
  expect(await recorded()).toEqual(slowMinutes(6, 8));
  expect(replay((await world.ledger.plan('v2'))!, await recorded()).at(-1)).toEqual(verdict.judged);
});

test('a verdict that a hook asked for is recorded with the minutes that the hook read', async () => {
  world.minutes = slowMinutes(6, 8);
  await world.hook('edge', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'step-2');
  world.minutes = late(world.minutes);
  await world.gate().tick();

  expect(await recorded()).toEqual(slowMinutes(6, 8));
});

test('until there is a verdict, what comes in late is judged', async () => {
  world.minutes = cleanMinutes(3);
  await world.gate().tick();
  world.minutes = late(cleanMinutes(3));
  await world.gate().tick();

  expect(await recorded()).toEqual(late(cleanMinutes(3)));
});

test('minutes of the final bake are added to those of the verdict', async () => {
  world.minutes = cleanMinutes(30);
  await world.gate().tick();
  world.minutes = late(cleanMinutes(31));
  await world.gate().tick();

  expect(await recorded()).toEqual([...cleanMinutes(30), ...late(cleanMinutes(31)).slice(30)]);
});

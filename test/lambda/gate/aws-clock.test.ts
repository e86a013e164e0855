import { beforeEach, expect, jest, test } from '@jest/globals';
import { createGate } from '../../../lambda/gate/gate';
import type { GatePorts } from '../../../lambda/gate/ports';
import { GATE_CONFIG, GateWorld } from '../../support/gate-world';

let world: GateWorld;
let turns: string[];
/** Called when the clock is stopped, before it is. */
let onStop: () => Promise<unknown>;

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  turns = [];
  onStop = async () => undefined;
});

function gate() {
  const schedule = {
    start: async () => void turns.push('start'),
    stop: async () => {
      await onStop();
      turns.push('stop');
    },
  };
  const ports: GatePorts = { ...world.ports(), schedule };
  return createGate(GATE_CONFIG, ports);
}

test('opening a release starts the prober’s clock', async () => {
  world.deploy('core', 'v2');

  await gate().onHook(world.event('core', 'PRE_SCALE_UP', 'x'));

  expect(turns).toEqual(['start']);
});

test('a tick with nothing under way stops it; one with a release leaves it running', async () => {
  await gate().tick();
  expect(turns).toEqual(['stop']);

  world.deploy('core', 'v2');
  await gate().onHook(world.event('core', 'PRE_SCALE_UP', 'x'));
  await gate().tick();
  expect(turns).toEqual(['stop', 'start']);
});

test('a release that opens while the clock is being stopped has it started again', async () => {
  onStop = () => world.ledger.takeTurn('v2');

  await gate().tick();

  expect(turns).toEqual(['stop', 'start']);
});

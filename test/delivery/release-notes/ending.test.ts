import { beforeEach, expect, jest, test } from '@jest/globals';
import { OrderWorld } from '../order/order-world';

const BUILT = {
  commits: [{ id: 'c'.repeat(40), author: 'Ana', subject: 'Faster login' }],
  bills: { edge: { components: 210, licences: [['MIT', 200]] } },
  scans: { edge: { counts: { critical: 0, high: 2, medium: 1, low: 0, negligible: 0, unknown: 0 }, worst: [] } },
};

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('a release ends with the notes of what its build wrote down, for the ledger and for people', async () => {
  const world = await OrderWorld.with('good');
  await world.gate.store.put('releases/v2/built.json', JSON.stringify(BUILT));
  await world.run();

  const { store, notices } = world.gate;
  expect(notices.at(-1)).toBe(
    'v2: released (v2 serves everybody\n1 commit since v1, the newest: Faster login\nvulnerabilities: 2 high, 1 medium)',
  );
  expect(await store.get('releases/v2/notes.md')).toMatch(/^# v2: released\n/);
  expect(JSON.parse((await store.get('releases/v2/notes.chat.json'))!).content.title).toBe('v2: released');
});

test('a release that is taken back has notes too, and they say why', async () => {
  const world = await OrderWorld.with('slow');
  await world.gate.store.put('releases/v2/built.json', JSON.stringify(BUILT));
  await world.run();

  expect(await world.gate.store.get('releases/v2/notes.md')).toMatch(/^# v2: taken back\n[\s\S]*canary: rolled back: /);
});

test('a release ends also where its notes cannot be written, and says so', async () => {
  const world = await OrderWorld.with('good');
  await world.gate.store.put('releases/v2/built.json', '{');

  expect(await world.run()).toMatchObject({ outcome: 'released' });
  expect(world.gate.notices.at(-1)).toMatch(
    /^v2: released \(v2 serves everybody\nits notes could not be written: .*JSON/,
  );
});

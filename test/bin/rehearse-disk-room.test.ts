import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { needRoom, type Place, placesOf, watchRoom } from '../../bin/rehearse/disk-room';

let folder: string;
const MORE_THAN_ANY_DISK_MIB = 2 ** 50;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-room-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function place(changes: Partial<Place>): Place {
  return { name: '--output', path: folder, startMiB: 0, leastMiB: 0, ...changes };
}

test('a disk with room is not spoken of', async () => {
  await expect(needRoom([place({})])).resolves.toBeUndefined();
});

test('every place without room is told of before anything starts, with what it needs', async () => {
  const small = [
    place({ startMiB: MORE_THAN_ANY_DISK_MIB }),
    place({ name: 'TMPDIR', startMiB: MORE_THAN_ANY_DISK_MIB }),
  ];
  const line = (name: string) =>
    `${name}: expected at least ${MORE_THAN_ANY_DISK_MIB} MiB free in ${folder}, got \\d+ MiB; free some, or choose another folder`;
  await expect(needRoom(small)).rejects.toThrow(new RegExp(`^${line('--output')}\\n${line('TMPDIR')}$`));
});

test('a disk that fills up in the middle ends the wait', async () => {
  const filled = [place({}), place({ name: 'TMPDIR', leastMiB: MORE_THAN_ANY_DISK_MIB })];
  await expect(watchRoom(filled, new AbortController().signal)).rejects.toThrow(/^TMPDIR: expected at least/);
});

test('nobody watches any more once it is over', async () => {
  const over = new AbortController();
  const watched = watchRoom(placesOf(folder, folder), over.signal);
  over.abort();
  await expect(watched).rejects.toMatchObject({ name: 'AbortError' });
});

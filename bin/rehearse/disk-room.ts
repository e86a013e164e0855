import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A folder that is written to, and what chooses it. */
export interface Place {
  readonly name: '--output' | 'TMPDIR';
  readonly path: string;
  /** MiB that must be free before anything starts. A rehearsal of every fault was measured to leave 8 MiB, and to need 160 MiB while it runs. */
  readonly startMiB: number;
  /** MiB below which nothing that happens can be trusted to be written down. */
  readonly leastMiB: number;
}

const MIB = 1_048_576;
const LOOK_EVERY_MS = 1_000;

export function placesOf(output: string, temporary: string): readonly Place[] {
  return [
    { name: '--output', path: output, startMiB: 20, leastMiB: 1 },
    { name: 'TMPDIR', path: temporary, startMiB: 300, leastMiB: 20 },
  ];
}

/** @throws Error with every place that has not enough room to start */
export async function needRoom(places: readonly Place[]): Promise<void> {
  const complaints = await Promise.all(places.map((place) => complaint(place, place.startMiB)));
  const found = complaints.filter((text) => text !== undefined);
  if (found.length > 0) throw new Error(found.join('\n'));
}

/** Never resolves. @throws Error as soon as a place has no room left; aborted by the signal */
export async function watchRoom(places: readonly Place[], signal: AbortSignal): Promise<never> {
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal, ref: false });
    for (const place of places) {
      const found = await complaint(place, place.leastMiB);
      if (found) throw new Error(found);
    }
  }
}

async function complaint({ name, path }: Place, wantedMiB: number): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(path);
  const freeMiB = Math.floor((bavail * bsize) / MIB);
  if (freeMiB >= wantedMiB) return undefined;
  return `${name}: expected at least ${wantedMiB} MiB free in ${path}, got ${freeMiB} MiB; free some, or choose another folder`;
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BreakGlassPorts } from '../../delivery/break-glass/break-glass';
import { Ledger } from '../../lambda/gate/ledger';
import type { DeploymentPort, LedgerStore } from '../../lambda/gate/ports';
import type { ReleaseWindow } from '../../lib/model/delivery';
import type { EnvName } from '../../lib/model/system';
import { RUNNING_FILE, type RunningRehearsal } from '../../rehearsal/places';
import { deploymentsOverHttp } from '../../rehearsal/ports/deployments-over-http';
import { ledgerFolder } from '../../rehearsal/ports/ledger-folder';
import { noticesFile } from '../../rehearsal/ports/notices-file';
import { pointerFile } from '../../rehearsal/ports/pointer-file';
import { awsPlace, bucketPlace } from './aws-place';

export interface PlaceOptions {
  readonly ledger?: string;
  readonly system: string;
  readonly env?: string;
}

/** Where releases are kept, and what can be asked and done there. */
export interface Place {
  /** For people. */
  readonly title: string;
  readonly store: LedgerStore;
  readonly ledger: Ledger;
  /** @default - nobody can be asked how the services stand */
  readonly deployments?: DeploymentPort;
  /** @default - releases are kept here, but nothing runs */
  readonly glass?: BreakGlassPorts;
  readonly env?: EnvName;
  /** When releases go out here. @default - at any time */
  readonly window?: ReleaseWindow;
  /** Between two looks of a live view. */
  readonly everyMs: number;
}

const REHEARSALS = 'rehearsals';
const EVERY_MS = 1_000;

/**
 * The place a person means: the ledger named, else the environment named, else the newest rehearsal.
 *
 * @throws Error in one line if there is no such place
 */
export async function placeOf({ ledger, system, env }: PlaceOptions): Promise<Place> {
  if (ledger?.startsWith('s3://')) return bucketPlace(ledger);
  if (ledger !== undefined) return folderPlace(ledger);
  if (env !== undefined) return awsPlace(system, env);
  return folderPlace(newestRehearsal());
}

function newestRehearsal(): string {
  const all = existsSync(REHEARSALS) ? readdirSync(REHEARSALS).sort().reverse() : [];
  const newest = all.map((name) => join(REHEARSALS, name, 'ledger')).find(isLedger);
  if (newest !== undefined) return newest;
  throw new Error(
    '--ledger: expected a folder, s3://bucket/prefix, or --env of a system in AWS, got none and no rehearsal; name one, or run npm run rehearse',
  );
}

function isLedger(folder: string): boolean {
  return ['releases', 'system'].some((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory());
}

/** @throws Error in one line if it is no ledger */
function folderPlace(folder: string): Place {
  if (!isLedger(folder))
    throw new Error(
      `--ledger: expected a folder with releases/ or system/ in it, got ${folder}; name that of a rehearsal`,
    );
  const store = legible(ledgerFolder(folder), folder);
  const place = { title: folder, store, ledger: new Ledger(store), everyMs: EVERY_MS };
  const running = runningBeside(folder);
  if (running === undefined) return place;
  const deployments = deploymentsOverHttp(running.controllerUrl);
  return { ...place, deployments, glass: glassOver(store, deployments, running) };
}

/** A ledger that somebody has written into by hand is named, with the file. */
export function legible(store: LedgerStore, title: string): LedgerStore {
  return {
    ...store,
    get: async (key) => {
      const text = await store.get(key);
      if (text !== undefined && key.endsWith('.json')) checkJson(`${title}/${key}`, text);
      return text;
    },
  };
}

function checkJson(file: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(
      `${file}: expected JSON, got "${(error as Error).message.replace(/\s+/g, ' ')}"; put an earlier version of it back`,
    );
  }
}

function runningBeside(folder: string): RunningRehearsal | undefined {
  const file = join(dirname(folder), RUNNING_FILE);
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(readFileSync(file, 'utf8')) as RunningRehearsal;
  return isAlive(running.pid) ? running : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function glassOver(store: LedgerStore, deployments: DeploymentPort, running: RunningRehearsal): BreakGlassPorts {
  const put = async (path: string, release: string) => {
    const answer = await fetch(`${running.breakGlassUrl}/${path}`, { method: 'PUT', body: release });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  return {
    ...{ ledger: store, deployments, pointer: pointerFile(running.pointer) },
    notices: noticesFile(running.notices, Date.now),
    services: { putBack: (release) => put('services', release), restore: async () => undefined },
    workers: { deploy: (release) => put('workers', release) },
    sites: { point: async () => undefined },
  };
}

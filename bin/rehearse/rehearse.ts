import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { clearLeftovers, clearRun, RunFolder } from '../../rehearsal/processes/run-folder';
import { postWarden } from '../../rehearsal/processes/warden';
import { Rehearsal } from '../../rehearsal/rehearsal';
import { checkWritable } from '../files';
import { busyMachine } from './busy-machine';
import { needRoom, placesOf, watchRoom } from './disk-room';
import { Interruption } from './interruption';
import type { RehearseOptions } from './options';
import { outputFolder } from './output-folder';
import { writeReport } from './report';
import { type Screen, screenOn } from './screen';
import { type Reported, summary, writeResults } from './summary';

/** The bundle of this command lies in dist/, the programs beside it. */
const DIST = dirname(resolve(process.argv[1]!));
const USERS = 10;
const FAILED = 1;

const program = (name: string) => join(DIST, 'programs', `${name}.mjs`);

/**
 * Rehearse releases one after the other.
 *
 * @returns exit code: 0 if each verdict was the expected one, 1 if not or something broke, 128 and the signal when interrupted
 */
export async function rehearse(options: RehearseOptions): Promise<number> {
  const interruption = new Interruption();
  if (options.json !== '-') checkWritable('--json', options.json);
  const screen = screenOn(options.json === '-' ? process.stderr : process.stdout);
  try {
    return await inFolder(options, screen, interruption);
  } catch (cause) {
    screen.close();
    process.stderr.write(`${(cause as Error).message}\n`);
    return interruption.exitCode ?? FAILED;
  }
}

/** A rehearsal in a temporary folder of its own, which is gone at the end with every process that was started in it. */
async function inFolder(options: RehearseOptions, screen: Screen, { happened }: Interruption): Promise<number> {
  const output = outputFolder(options.output);
  const places = placesOf(output, tmpdir());
  await needRoom(places);
  await clearLeftovers();
  const folder = RunFolder.create();
  const busy = busyMachine();
  if (busy) screen.note(busy);
  const dismiss = postWarden(program('warden'), folder);
  let rehearsal: Rehearsal | undefined;
  let isStarting = true;
  const over = new AbortController();
  const full = watchRoom(places, over.signal);
  full.catch(() => undefined);
  try {
    const surroundings = { folder, program, output, root: dirname(DIST), users: USERS, watcher: screen };
    const starting = Rehearsal.start({ ...options, ...surroundings })
      .then((started) => {
        rehearsal = started;
        return started;
      })
      .finally(() => {
        isStarting = false;
      });
    const running = await Promise.race([starting, full, happened]);
    return await Promise.race([releaseAll(running, { ...options, output }, screen), gone(running), full, happened]);
  } finally {
    over.abort();
    screen.close();
    await rehearsal?.stop();
    await clearRun(folder.path);
    // One that was interrupted while it started may start another process yet: the warden sees to that.
    if (!isStarting) dismiss();
  }
}

async function releaseAll(rehearsal: Rehearsal, options: RehearseOptions, screen: Screen): Promise<number> {
  const results: Reported[] = [];
  for (const fault of options.faults) {
    const result = await rehearsal.release(fault);
    const reported = { ...result, report: await writeReport(rehearsal, result, options) };
    results.push(reported);
    screen.ended(reported);
    if (options.json !== '-') writeResults(results, options);
  }
  if (results.length > 1) for (const line of summary(results, options)) screen.note(line);
  if (options.json === '-') writeResults(results, options);
  if (options.keep) await kept(rehearsal, screen);
  return results.every(({ asExpected }) => asExpected) ? 0 : FAILED;
}

/** Only an interruption ends it. */
function kept({ cluster }: Rehearsal, screen: Screen): Promise<never> {
  const { productionUrl, testUrls, controllerUrl, ledger } = cluster.places;
  screen.note(`users enter at ${productionUrl}`);
  for (const [service, url] of Object.entries(testUrls)) screen.note(`test entrance of ${service}: ${url}`);
  screen.note(`deployments: ${controllerUrl}/deployments`);
  screen.note(`ledger: ${ledger}`);
  screen.note('Ctrl-C ends everything');
  return new Promise(() => undefined);
}

async function gone(rehearsal: Rehearsal): Promise<never> {
  throw await rehearsal.lost;
}

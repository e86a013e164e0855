import { availableParallelism, loadavg } from 'node:os';

/** Processes that wait for each core, from which on a bound of a quarter of a second measures the machine and no release. */
const TOO_BUSY = 2;

/** A warning if others keep this machine busy; Windows does not say. */
export function busyMachine(load = loadavg()[0]!, cores = availableParallelism()): string | undefined {
  if (load < TOO_BUSY * cores) return undefined;
  return `this machine is busy (load ${load.toFixed(1)} on ${cores} cores): what is slow may be the machine and not a release`;
}

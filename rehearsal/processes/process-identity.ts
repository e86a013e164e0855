import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Field of /proc/<pid>/stat, counted after the command's closing bracket, that holds the start in clock ticks since boot. */
const START_FIELD = 19;

/**
 * What tells a process from a later one that was given the same number: when it started.
 *
 * @returns undefined if no such process runs
 */
export function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[START_FIELD];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

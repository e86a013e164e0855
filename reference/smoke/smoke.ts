import { type SmokeSettings, STEPS } from './steps';
import { Visitor } from './visitor';

export interface SmokeTarget {
  readonly url: string;
  /** Release that must answer; undefined if any may. */
  readonly release?: string;
}

/**
 * Go through a running system once, from its front door, as a user does.
 *
 * @param say told each step as it ends
 * @returns whether everything was as it must be; what needs a session is not tried without one
 */
export async function smoke(
  { url, release }: SmokeTarget,
  settings: SmokeSettings,
  say: (line: string) => void,
): Promise<boolean> {
  const visitor = new Visitor(url.replace(/\/$/, ''), release);
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(visitor, settings);
      say(`ok      ${name}`);
    } catch (error) {
      say(`FAILED  ${name}: ${reasonOf(error)}`);
      return false;
    }
  }
  return true;
}

/** The innermost: fetch wraps what happened to the socket. */
function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  return cause ? reasonOf(cause) : message || code || String(error);
}

/** Channel on which Core's events reach the fronts. */
export const EVENT_CHANNEL = 'events';

/** Queue of the users' imports. */
export const IMPORT_QUEUE = 'import';

/** Queue of the probe's jobs, which only one release's workers read. */
export function probeQueue(queue: string, release: string): string {
  return `${queue}.probe.${release}`;
}

import { appendFile } from 'node:fs/promises';
import type { NoticePort } from '../../lambda/gate/ports';

/** What people would have been told, a JSON line each. */
export function noticesFile(path: string, now: () => number): NoticePort {
  return {
    notify: async (subject, text) => {
      const line = JSON.stringify({ at: now(), subject, text });
      // Telling people never fails the caller: a gate that cannot write must still answer.
      await appendFile(path, `${line}\n`).catch((cause: Error) => console.error(`notice not kept: ${cause.message}`));
    },
  };
}

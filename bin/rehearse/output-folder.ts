import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Make the folder that a rehearsal leaves behind.
 *
 * @returns its absolute path
 * @throws Error when it cannot be written to, or holds another rehearsal: nobody may overwrite a ledger
 */
export function outputFolder(path: string): string {
  if (existsSync(join(path, 'ledger'))) {
    throw new Error(`--output: expected a folder without a ledger, got ${path}; choose another, or remove it`);
  }
  try {
    makeFolder(resolve(path));
    rmdirSync(mkdtempSync(join(path, 'tried-')));
    return resolve(path);
  } catch (cause) {
    throw new Error(`--output: expected a folder that can be written to, got ${path}; ${(cause as Error).message}`);
  }
}

/** Level by level: `recursive` never comes back from a place like /proc in which nothing can be made. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

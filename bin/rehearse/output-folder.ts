import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
    mkdirSync(path, { recursive: true });
    return resolve(path);
  } catch (cause) {
    throw new Error(`--output: expected a folder that can be written to, got ${path}; ${(cause as Error).message}`);
  }
}

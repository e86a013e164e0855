import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerStore } from '../../lambda/gate/ports';
import { createFile, replaceFile } from './atomic-file';

/** The ledger as a folder: a key is a path inside it. */
export function ledgerFolder(folder: string): LedgerStore {
  return {
    get: async (key) => textOf(join(folder, key)),
    putIfAbsent: (key, body) => createFile(join(folder, key), body),
    put: (key, body) => replaceFile(join(folder, key), body),
    list: async (prefix) => (await keysIn(folder)).filter((key) => key.startsWith(prefix)).sort(),
  };
}

/** @returns undefined if there is no such file */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

async function keysIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.draft'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'));
}

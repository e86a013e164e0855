import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'nothing',
  EISDIR: 'a folder',
  EACCES: 'one that may not be read',
  ERR_STRING_TOO_LONG: 'one too long to be text',
  ERR_FS_FILE_TOO_LARGE: 'one too long to be text',
};

const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'one in a folder that does not exist',
  ENOTDIR: 'one in a folder that does not exist',
  EISDIR: 'a folder',
  EACCES: 'one that may not be written',
  EROFS: 'one that may not be written',
};

/**
 * Text of a file that a person named.
 *
 * @throws Error in one line if there is none
 */
export function readText(file: string, fix: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Error(`${file}: expected a file, got ${UNREADABLE[code] ?? code}; ${fix}`);
  }
}

/** Text of a file that need not be there. */
export function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readText(file, 'make it readable') : undefined;
}

/**
 * Make sure, before a long piece of work, that its result can be put where a person wants it; makes an empty file there if
 * there is none.
 *
 * @param file value of the option; nothing is checked without one
 * @throws Error in one line if it cannot
 */
export function checkWritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  try {
    appendFileSync(file, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Error(`${option}: expected a file to write to, got ${UNWRITABLE[code] ?? code}: ${file}`);
  }
}

/** Run a command of the command line; what goes wrong is one text on stderr and exit code 1. */
export async function runCommand(command: () => void | Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/** @throws Error if a person gave something else as the value of an option */
export function wholeNumber(option: string, given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new Error(`${option}: expected a whole number, got ${given}`);
}

/** @throws Error if a person gave something else, or none, where at least one is needed */
export function oneOrMore(option: string, given: string): number {
  const value = wholeNumber(option, given);
  if (value > 0) return value;
  throw new Error(`${option}: expected a whole number from 1 on, got ${given}`);
}

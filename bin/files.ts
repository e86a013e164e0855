import { existsSync, readFileSync } from 'node:fs';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'nothing',
  EISDIR: 'a folder',
  EACCES: 'one that may not be read',
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
    throw new Error(`${file}: expected a file, got ${REASONS[code] ?? code}; ${fix}`);
  }
}

/** Text of a file that need not be there. */
export function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readText(file, 'make it readable') : undefined;
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

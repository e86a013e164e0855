import { randomBytes } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replace a file's text. Whoever reads sees the old one or the new one, never a part. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await rename(await written(path, text), path);
}

/**
 * Make a file that is not there yet, whole at once.
 *
 * @returns false if somebody else made it before
 */
export async function createFile(path: string, text: string): Promise<boolean> {
  const draft = await written(path, text);
  try {
    // A link, unlike a rename, fails when the name is taken; unlike opening with 'wx', it never shows a half-written file.
    await link(draft, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

async function written(path: string, text: string): Promise<string> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.draft`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, text);
  return draft;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Commit {
  /** Forty hexadecimal digits. */
  readonly id: string;
  readonly author: string;
  readonly subject: string;
}

const MOST_BYTES = 16 * 1024 * 1024;
/** Between fields, and after a commit: no text of a commit holds them. */
const [UNIT, RECORD] = ['\x1f', '\x1e'];

/**
 * Commits that a release brings, the newest first, merges left out.
 *
 * @param from tag or commit of the release before; undefined for the first release ever
 * @throws Error in one line if the folder is no repository, or has no such tag
 */
export async function commitsBetween(
  repository: string,
  from: string | undefined,
  to: string,
): Promise<readonly Commit[]> {
  const range = from === undefined ? to : `${from}..${to}`;
  const format = `--format=%H${UNIT}%an${UNIT}%s${RECORD}`;
  const args = ['-C', repository, 'log', '--no-merges', format, '--end-of-options', range, '--'];
  try {
    const { stdout } = await promisify(execFile)('git', args, { maxBuffer: MOST_BYTES });
    return stdout.split(RECORD).flatMap(commitOf);
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr || (error as Error).message).trim().split('\n')[0];
    throw new Error(
      `${repository}: expected commits of ${range}, got "${said}"; fetch the tags of the whole history, or leave commits out`,
    );
  }
}

function commitOf(record: string): readonly Commit[] {
  const [id = '', author = '', subject = ''] = record.trim().split(UNIT);
  return id === '' ? [] : [{ id, author, subject }];
}

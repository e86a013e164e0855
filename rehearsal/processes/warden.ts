import { spawn } from 'node:child_process';
import type { RunFolder } from './run-folder';

/**
 * Watch over this process from another one: should this one end in a way that lets it clear up nothing, that one does.
 *
 * @param program path of the warden's bundle
 * @returns ends the watch
 */
export function postWarden(program: string, folder: RunFolder): () => void {
  const warden = spawn(process.execPath, [program, folder.path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  warden.on('error', () => undefined);
  warden.stdin.on('error', () => undefined);
  warden.unref();
  return () => warden.kill('SIGKILL');
}

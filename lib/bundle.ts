import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, type OutputFile } from 'esbuild';

const bundled = new Map<string, string>();

/**
 * Bundle one Lambda entry point, once in each process.
 *
 * @param file under `lambda/`, e.g. `gate/gate.lambda.ts`
 * @returns the folder of its `index.mjs`, named by content, so that equal code is the same asset everywhere
 */
export function bundleLambda(file: string): string {
  const known = bundled.get(file);
  if (known) return known;
  const folder = keep(build(file));
  bundled.set(file, folder);
  return folder;
}

/** AWS clients are the runtime's: seven of them are 700 KiB. @see docs/adr/0008-functions-use-the-runtimes-aws-sdk.md */
function build(file: string): readonly OutputFile[] {
  const { outputFiles } = buildSync({
    ...{ entryPoints: [join('lambda', file)], outfile: join('dist', 'lambda', 'index.mjs'), write: false },
    ...{ bundle: true, minify: true, keepNames: true, sourcemap: true, sourcesContent: false, logLevel: 'error' },
    ...{ platform: 'node', target: 'node24', format: 'esm', mainFields: ['module', 'main'] },
    external: ['@aws-sdk/*'],
    // packages that were written for CommonJS ask for a require
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
  });
  return outputFiles;
}

/** Written beside and renamed: another process may be bundling the same. */
function keep(files: readonly OutputFile[]): string {
  const hash = createHash('sha256');
  for (const { contents } of files) hash.update(contents);
  const folder = join(process.cwd(), 'dist', 'lambda', hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;

  mkdirSync(join(folder, '..'), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  for (const { path, contents } of files) writeFileSync(join(draft, basename(path)), contents);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true }); // the other was first, with the same content
  }
  return folder;
}

import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = join('rehearsal', 'programs');

/** Entry points that load aws-cdk-lib are CommonJS, as it loads its modules lazily only there; the rest are ES modules. */
const COMMONJS = ['app', 'compliance', 'cost', 'validate', 'bench-synth'];

/**
 * Bundle `bin/<name>.ts` with packages left outside; for a rehearsal also the programs it starts, into `dist/programs/`.
 *
 * @returns the path of the bundle, under dist/
 */
export async function bundleEntry(name) {
  const isCommonJs = COMMONJS.includes(name);
  const outfile = join('dist', `${name}.${isCommonJs ? 'cjs' : 'mjs'}`);
  await bundle({ entryPoints: [join('bin', `${name}.ts`)], outfile, format: isCommonJs ? 'cjs' : 'esm' });
  if (name === 'rehearse') await bundlePrograms();
  return join(ROOT, outfile);
}

async function bundlePrograms() {
  const entryPoints = readdirSync(join(ROOT, PROGRAMS)).map((file) => join(PROGRAMS, file));
  await bundle({
    entryPoints,
    outdir: join('dist', basename(PROGRAMS)),
    outExtension: { '.js': '.mjs' },
    format: 'esm',
  });
}

async function bundle(options) {
  const { outputFiles } = await build({
    ...{ absWorkingDir: ROOT, bundle: true, platform: 'node', target: 'node20', packages: 'external' },
    ...{ sourcemap: true, logLevel: 'error', write: false },
    ...options,
  });
  for (const { path, contents } of outputFiles) replace(path, contents);
}

/** Whole or not at all: somebody else may be starting the same command. */
function replace(path, contents) {
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

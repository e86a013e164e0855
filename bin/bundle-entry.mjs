import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundle `bin/<name>.ts` with packages left outside.
 *
 * The CDK app is CommonJS because aws-cdk-lib loads its modules lazily only there; everything else is an ES module.
 *
 * @returns the path of the bundle, under dist/
 */
export async function bundleEntry(name) {
  const format = name === 'app' ? 'cjs' : 'esm';
  const outfile = join(ROOT, 'dist', `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'bin', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
  return outfile;
}

// Bundles each program of the reference services, packages and all, into one file: an image then holds Node.js and that file.
// `node reference/build.mjs <folder>`; what an image is built from is in reference/Dockerfile.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PROGRAMS = {
  edge: 'edge/main.ts',
  core: 'core/main.ts',
  ai: 'ai/main.ts',
  expected: 'ai/expected-main.ts',
  worker: 'worker/main.ts',
  migrate: 'migrate/main.ts',
  seed: 'seed/main.ts',
  smoke: 'smoke/main.ts',
};

const [folder = join('dist', 'images')] = process.argv.slice(2);

await build({
  entryPoints: Object.entries(PROGRAMS).map(([out, file]) => ({ out, in: join('reference', file) })),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  ...{ bundle: true, platform: 'node', target: 'node22', format: 'esm', mainFields: ['module', 'main'] },
  ...{ minify: true, keepNames: true, sourcemap: true, sourcesContent: false, logLevel: 'warning' },
  // packages that were written for CommonJS ask for a require, and some for their own place
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __dirnameOf } from 'node:path';",
      "import { fileURLToPath as __pathOf } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __pathOf(import.meta.url);',
      'const __dirname = __dirnameOf(__filename);',
    ].join('\n'),
  },
});
cpSync(join('reference', 'migrations'), join(folder, 'migrations'), { recursive: true });

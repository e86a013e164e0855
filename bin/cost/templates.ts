import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { defineSystem } from '../../lib/app';
import type { SystemModel } from '../../lib/model/system';
import { imagesFor } from '../app/images-for';

/**
 * Read the templates of one environment, as `cdk synth` makes them.
 *
 * Nothing is validated: that is another command's task, and would be said here twice.
 */
export function withTemplates<T>(model: SystemModel, read: (assembly: CloudAssembly) => T): T {
  process.env.CDK_VALIDATION = 'false';
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    const app = new App({ context: { ...context, 'aws:cdk:enable-path-metadata': true }, outdir });
    defineSystem(app, model, imagesFor(model, undefined));
    return read(app.synth());
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Template } from '../../bin/validate/assembly';
import { defineSystem } from '../../lib/app';
import { builtImages } from '../../lib/constructs/images';
import { resolveDelivery } from '../../lib/model/pipelines';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemConfig } from '../../lib/model/system';
import { defineDelivery } from '../../lib/stacks/delivery-stack';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

/** The templates of the tools' account alone. */
export function toolsTemplate(config: SystemConfig): Template {
  const app = new App({ context });
  defineDelivery(app, resolveDelivery(config)!);
  return app.synth().stacks[0]!.template as Template;
}

export interface Accounts {
  /** Folder that holds the staged assets, `asset.<hash>`. */
  readonly outdir: string;
  /** By the stack's name. */
  readonly templates: Readonly<Record<string, Template>>;
}

/** Every account of a system, the tools' too. */
export function allAccounts(config: SystemConfig): Accounts {
  const outdir = mkdtempSync(join(tmpdir(), 'accounts-'));
  const app = new App({ context, outdir });
  for (const env of ENV_NAMES) defineSystem(app, resolve(config, env), builtImages());
  defineDelivery(app, resolveDelivery(config)!);
  const stacks = app.synth().stacks.map(({ stackName, template }) => [stackName, template as Template]);
  return { outdir, templates: Object.fromEntries(stacks) };
}

/** A value of a template as one text; what only CloudFormation knows stands as `<LogicalId>`. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = (value ?? {}) as Record<string, never>;
  if (join) return (join[1] as unknown[]).map(asText).join(join[0]);
  if (Ref) return `<${Ref}>`;
  return attribute ? `<${attribute[0]}>` : `<${JSON.stringify(value)?.replaceAll('"', '')}>`;
}

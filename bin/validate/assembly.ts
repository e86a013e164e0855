import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { defineSystem } from '../../lib/app';
import { builtImages } from '../../lib/constructs/images';
import { resolve } from '../../lib/model/resolve';
import type { EnvName, SystemConfig, SystemModel } from '../../lib/model/system';

/** A resource as CloudFormation reads it. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly region: string;
  readonly template: Template;
  readonly templateFile: string;
  readonly protected: boolean;
  /** Names of the stacks that are deployed before it. */
  readonly after: readonly string[];
}

/** One system in one environment, as it would be deployed. */
export interface Assembly {
  readonly model: SystemModel;
  readonly stacks: readonly SynthesizedStack[];
}

/** @param outdir where the templates are written. @default - a temporary folder */
export function assemble(system: SystemConfig, env: EnvName, outdir?: string): Assembly {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context, outdir });
  const model = resolve(system, env);
  defineSystem(app, model, builtImages());
  const stacks = app.synth().stacks.map((stack) => ({
    name: stack.stackName,
    region: stack.environment.region,
    template: { ...stack.template, Resources: stack.template.Resources ?? {} } as Template,
    templateFile: stack.templateFullPath,
    protected: stack.terminationProtection === true,
    after: stack.dependencies.map(({ id }) => id.replace(/\.assets$/, '')),
  }));
  return { model, stacks };
}

import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Resource } from './bill';

interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

/** Every resource of the stacks whose name a system's environment begins. */
export function resourcesOf(assembly: CloudAssembly, prefix: string): readonly Resource[] {
  return assembly.stacks
    .filter(({ stackName }) => stackName.startsWith(prefix))
    .flatMap(({ stackName, template }) => resourcesIn(stackName, template as Template));
}

function resourcesIn(stack: string, { Resources = {} }: Template): readonly Resource[] {
  return Object.entries(Resources).map(([logicalId, { Type, Properties = {}, Metadata }]) => ({
    ...{ stack, logicalId, type: Type, properties: Properties },
    path: Metadata?.['aws:cdk:path'] ?? logicalId,
  }));
}

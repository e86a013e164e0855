import type { Assembly, Resource, SynthesizedStack } from './assembly';

/** A resource and where it stands. */
export interface Placed extends Resource {
  readonly id: string;
  readonly stack: SynthesizedStack;
}

/** Something wrong with a template that CloudFormation would take. */
export interface Fault {
  readonly rule: string;
  /** `<stack>/<logical id>` */
  readonly at: string;
  readonly says: string;
}

export function all({ stacks }: Assembly, ...types: readonly string[]): readonly Placed[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Type }]) => types.length === 0 || types.includes(Type))
      .map(([id, resource]) => ({ ...resource, Properties: resource.Properties ?? {}, id, stack })),
  );
}

export function fault(rule: string, { stack, id }: Pick<Placed, 'stack' | 'id'>, says: string): Fault {
  return { rule, at: `${stack.name}/${id}`, says };
}

/**
 * What a reference leads to, also through exports and the outputs of stacks in other regions.
 *
 * @returns `<stack>/<logical id>`, with `.<attribute>` where one is asked for; the value itself where it is no reference
 */
export function follow(assembly: Assembly, stack: SynthesizedStack, value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[kind, operand] = ['', '']] = Object.entries(value);
  if (kind === 'Ref') return `${stack.name}/${operand}`;
  if (kind === 'Fn::GetAtt') return `${stack.name}/${(operand as string[]).join('.')}`;
  if (kind === 'Fn::ImportValue') return exported(assembly, operand as string);
  if (kind === 'Fn::GetStackOutput') return outputOf(assembly, operand as StackOutput);
  return JSON.stringify(value);
}

interface StackOutput {
  readonly StackName: string;
  readonly OutputName: string;
}

function exported(assembly: Assembly, name: string): string {
  for (const stack of assembly.stacks)
    for (const { Value, Export } of Object.values(stack.template.Outputs ?? {}))
      if (Export?.Name === name) return follow(assembly, stack, Value);
  return `no export ${name}`;
}

function outputOf(assembly: Assembly, { StackName, OutputName }: StackOutput): string {
  const stack = assembly.stacks.find(({ name }) => name === StackName);
  const output = stack?.template.Outputs?.[OutputName];
  return stack && output ? follow(assembly, stack, output.Value) : `no output ${StackName}.${OutputName}`;
}

const places = new WeakMap<Assembly, ReadonlyMap<string, Placed>>();

/** The resource that a reference leads to. */
export function target(assembly: Assembly, stack: SynthesizedStack, value: unknown): Placed | undefined {
  const known =
    places.get(assembly) ?? new Map(all(assembly).map((placed) => [`${placed.stack.name}/${placed.id}`, placed]));
  places.set(assembly, known);
  return known.get(follow(assembly, stack, value).split('.')[0] ?? '');
}

/** Every value of a template that satisfies a test, with the resource it stands in. */
export function values(resource: Placed, test: (key: string, value: unknown) => boolean): readonly unknown[] {
  const found: unknown[] = [];
  const visit = (key: string, value: unknown): void => {
    if (test(key, value)) found.push(value);
    if (typeof value === 'object' && value !== null)
      for (const [inner, part] of Object.entries(value)) visit(inner, part);
  };
  visit('', resource.Properties);
  return found;
}

/** The texts whose claims are true. */
export function those(...claims: readonly (readonly [claim: unknown, text: string])[]): string[] {
  return claims.filter(([claim]) => Boolean(claim)).map(([, text]) => text);
}

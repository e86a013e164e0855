import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, Resource as ResourceType, SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Assembly } from './assembly';
import { all, type Fault, fault, type Placed, target } from './resources';

/** Types that the specification does not know, as they are CDK's or ours. */
const FOREIGN = /^(Custom::|AWS::CDK::|AWS::CloudFormation::CustomResource)/;

/** Names of attributes that lead to the same thing as the one a relationship names. */
const ALIASES: Readonly<Record<string, readonly string[]>> = { GroupId: ['Id', 'GroupId'], Arn: ['Arn', 'Ref'] };

/**
 * Holds each resource to AWS's own specification: properties that exist, those that must be there, attributes that exist, and
 * references that lead to the kind of thing that is asked for.
 */
export function specificationFaults(assembly: Assembly): readonly Fault[] {
  const db = loadAwsServiceSpecSync();
  return all(assembly)
    .filter(({ Type }) => !FOREIGN.test(Type))
    .flatMap((resource) => {
      const type = lookUp(db, resource.Type);
      if (!type) return [fault('specification', resource, `${resource.Type} is no type`)];
      const says = [...shapeFaults(type, resource), ...relationFaults(assembly, type, resource)];
      return [...says, ...attributeFaults(db, resource)].map((text) => fault('specification', resource, text));
    });
}

function lookUp(db: SpecDatabase, type: string): ResourceType | undefined {
  return db.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

function shapeFaults({ properties }: ResourceType, { Properties, Type }: Placed): readonly string[] {
  const unknown = Object.keys(Properties).filter((name) => !properties[name]);
  const missing = Object.entries(properties).filter(([name, { required }]) => required && !(name in Properties));
  return [
    ...unknown.map((name) => `${Type} has no property ${name}`),
    ...missing.map(([name]) => `${name} is required`),
  ];
}

/** Of each reference in a property that says what it must lead to. */
function relationFaults(assembly: Assembly, { properties }: ResourceType, resource: Placed): readonly string[] {
  return Object.entries(resource.Properties).flatMap(([name, value]) => {
    const wanted = (properties[name] as Property | undefined)?.relationshipRefs ?? [];
    if (wanted.length === 0) return [];
    const references = Array.isArray(value) ? value : [value];
    return references.flatMap((reference) => misled(assembly, resource, { name, reference, wanted }));
  });
}

interface Relation {
  readonly name: string;
  readonly reference: unknown;
  readonly wanted: readonly { readonly cloudFormationType: string; readonly propertyName: string }[];
}

function misled(assembly: Assembly, { stack }: Placed, { name, reference, wanted }: Relation): readonly string[] {
  if (typeof reference !== 'object') return [];
  const led = target(assembly, stack, reference);
  if (!led || FOREIGN.test(led.Type) || wanted.some(({ cloudFormationType }) => cloudFormationType === led.Type))
    return [];
  // a secret with its attachment is a secret
  if (led.Type === 'AWS::SecretsManager::SecretTargetAttachment') return [];
  return [
    `${name} leads to ${led.Type}, expected ${wanted.map(({ cloudFormationType }) => cloudFormationType).join(' or ')}`,
  ];
}

function attributeFaults(db: SpecDatabase, resource: Placed): readonly string[] {
  return getAtts(resource.Properties).flatMap(([id = '', ...path]) => {
    const owner = resource.stack.template.Resources[id];
    if (!owner) return [`GetAtt of ${id}, which is not in its stack`];
    const attribute = path.join('.');
    const type = FOREIGN.test(owner.Type) ? undefined : lookUp(db, owner.Type);
    const known =
      !type || Object.keys(type.attributes).some((name) => same(name, attribute)) || attribute in type.properties;
    return known ? [] : [`${owner.Type} has no attribute ${attribute}`];
  });
}

function same(name: string, attribute: string): boolean {
  return name === attribute || (ALIASES[attribute] ?? []).includes(name);
}

function getAtts(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as Record<string, unknown>)['Fn::GetAtt'];
  if (Array.isArray(own)) return [own.flatMap((part) => String(part).split('.'))];
  return Object.values(value).flatMap(getAtts);
}

import { describe, expect, test } from '@jest/globals';
import { type Assembly, assemble, type Resource } from '../../bin/validate/assembly';
import { invariantFaults } from '../../bin/validate/invariants';
import { ENV_NAMES, type EnvName } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import type { Broken } from './broken';
import { BROKEN_DATA } from './broken-data';
import { BROKEN_RELEASES } from './broken-releases';
import { BROKEN_RIGHTS } from './broken-rights';
import { BROKEN_ROLLOUTS } from './broken-rollouts';
import { BROKEN_SURROUNDINGS } from './broken-surroundings';

const sound = new Map<EnvName, Assembly>();

function assembly(env: EnvName): Assembly {
  const known = sound.get(env) ?? assemble(coach, env);
  sound.set(env, known);
  return known;
}

test.each(ENV_NAMES)('nothing is wrong with %s', (env) => {
  expect(invariantFaults(assembly(env))).toEqual([]);
});

/** A copy of prod in which the first resource of a type in a stack is changed. */
function broken({ stack: name, type, id: part = '', change }: Omit<Broken, 'says' | 'what'>): readonly string[] {
  const copy = structuredClone(assembly('prod'));
  const { template } = copy.stacks.find((stack) => stack.name === `coach-prod-${name}`)!;
  const [, resource] = Object.entries(template.Resources).find(
    ([id, { Type }]) => Type === `AWS::${type}` && id.includes(part),
  )!;
  change(resource.Properties, resource);
  return invariantFaults(copy).map(({ rule, says }) => `${rule}: ${says}`);
}

describe('a template that CloudFormation would take, and that would not do what it should', () => {
  test.each([...BROKEN_RELEASES, ...BROKEN_ROLLOUTS, ...BROKEN_SURROUNDINGS, ...BROKEN_DATA, ...BROKEN_RIGHTS])(
    '$what',
    ({ says, ...variant }) => {
      expect(broken(variant)).toContain(says);
    },
  );

  test('something that comes after a service in its stack', () => {
    const copy = structuredClone(assembly('prod'));
    const { template } = copy.stacks.find(({ name }) => name === 'coach-prod-edge')!;
    const [service] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::ECS::Service')!;
    template.Resources.Late = { Type: 'AWS::SNS::Topic', Properties: {}, DependsOn: [service] } as Resource;

    expect(invariantFaults(copy)).toContainEqual({
      rule: 'last in its stack',
      at: `coach-prod-edge/${service}`,
      says: 'Late comes after the service in its stack, and can send a release back when it fails',
    });
  });
});

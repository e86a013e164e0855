import { readFileSync } from 'node:fs';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { defineSystem } from '../../lib/app';
import { publishedImages } from '../../lib/constructs/images';
import type { Release } from '../../lib/model/release';
import { resolve } from '../../lib/model/resolve';
import { coach } from '../../systems/coach';

const IMAGES = ['edge', 'core', 'ai', 'worker', 'migrate', 'seed'];

/** Templates of prod by stack, its images those of a release. */
function templatesOf(id: string): ReadonlyMap<string, object> {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const digest = `sha256:${Buffer.from(id).toString('hex').padEnd(64, '0')}`;
  const release: Release = {
    ...{ id, gitTag: id, digests: Object.fromEntries(IMAGES.map((image) => [image, digest])) },
    ...{ schema: { migration: 'none', version: '0003_expand_imports' }, expected: {} },
  };
  const app = new App({ context });
  defineSystem(app, resolve(coach, 'prod'), publishedImages(release, { ...coach.registry, prefix: coach.name }));
  return new Map(app.synth().stacks.map(({ stackName, template }) => [stackName, template]));
}

function changesBetween(before: ReadonlyMap<string, object>, after: ReadonlyMap<string, object>): readonly string[] {
  return [...after].flatMap(([stack, template]) => {
    const { resources, outputs } = fullDiff(before.get(stack)!, template as never);
    expect(outputs.differenceCount).toBe(0);
    return resources.logicalIds
      .map((id) => resources.get(id))
      .filter(({ changeImpact }) => changeImpact !== ResourceImpact.NO_CHANGE)
      .map(({ resourceType }) => `${stack}: ${resourceType}`);
  });
}

test('between two releases prod has other task definitions, and nothing else', () => {
  const services = ['ai', 'core', 'edge', 'worker', 'worker-canary'];
  const expected = [...services, 'tasks', 'tasks']; // migration and seed

  expect([...changesBetween(templatesOf('v1.4.0'), templatesOf('v1.5.0'))].sort()).toEqual(
    expected.map((part) => `coach-prod-${part}: AWS::ECS::TaskDefinition`).sort(),
  );
});

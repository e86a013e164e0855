import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { defineStandby, defineSystem } from '../../lib/app';
import { builtImages } from '../../lib/constructs/images';
import { resolveDelivery } from '../../lib/model/pipelines';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemModel } from '../../lib/model/system';
import { defineDelivery } from '../../lib/stacks/delivery-stack';
import { coach } from '../../systems/coach';

const PAGES = ['first-account', 'recovery', 'runbook', 'architecture', 'delivery'].map((page) => `docs/${page}.md`);

/** What the pages' readers name themselves, when they restore by hand. */
const GIVEN = ['coach-prod-db-restored', 'coach-prod-db-lost'];

function templatesOf(define: (app: App, model: SystemModel) => void, model: SystemModel) {
  const app = new App({ context: JSON.parse(readFileSync('cdk.json', 'utf8')).context });
  define(app, model);
  return app.synth().stacks.map(({ stackName, template }) => ({ stackName, template }));
}

const images = builtImages();
const stacks = [
  ...ENV_NAMES.flatMap((env) => templatesOf((app, model) => defineSystem(app, model, images), resolve(coach, env))),
  ...templatesOf((app, model) => defineStandby(app, model, { images }), resolve(coach, 'prod')),
  ...templatesOf((app) => defineDelivery(app, resolveDelivery(coach)!), resolve(coach, 'prod')),
];
const outputs = new Set(stacks.flatMap(({ template }) => Object.keys(template.Outputs ?? {})));
const names = new Set([
  ...stacks.map(({ stackName }) => stackName),
  ...stacks.flatMap(({ template }) => texts(template)),
]);

/** Every text in a template, and what stands before and after the last slash of a path. */
function texts(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part, ...part.split('/')];
  return Object.values(part ?? {}).flatMap(texts);
}

function exists(name: string): boolean {
  return names.has(name) || GIVEN.includes(name) || [...names].some((known) => known.startsWith(`${name}-`));
}

test.each(PAGES)('%s names nothing that the templates do not make', (page) => {
  const text = readFileSync(page, 'utf8');
  const named = text.match(/coach-(dev|staging|prod|standby|tools)(-[a-z0-9]+)*/g) ?? [];
  const asked = [...text.matchAll(/OutputKey=='(\w+)'/g)].map(([, output]) => output!);

  expect([...new Set(named)].filter((name) => !exists(name))).toEqual([]);
  expect(asked.filter((output) => !outputs.has(output))).toEqual([]);
});

test('a name that nothing has would be noticed', () => {
  expect(exists('coach-dev-tasks')).toBe(true);
  expect(exists('coach-dev-task')).toBe(false);
});

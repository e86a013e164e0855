import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { checkCompliance } from '../../lib/compliance';
import { resolveDelivery } from '../../lib/model/pipelines';
import { defineDelivery } from '../../lib/stacks/delivery-stack';
import { coach } from '../../systems/coach';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

test("the tools' account holds both packs: synth does not fail with them", () => {
  const app = new App({ context });
  defineDelivery(app, resolveDelivery(coach)!);
  checkCompliance(app);

  expect(() => app.synth()).not.toThrow();
});

import { App } from 'aws-cdk-lib';
import { defineSystem } from '../lib/app';
import { resolve } from '../lib/model/resolve';
import { imagesFor } from './app/images-for';
import { selected } from './app/selection';

const app = new App();
const context = (key: string) => app.node.tryGetContext(key);

for (const { system, env } of selected(context)) {
  const model = resolve(system, env);
  defineSystem(app, model, imagesFor(model, context('release')));
}

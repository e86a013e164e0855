import { App } from 'aws-cdk-lib';
import { defineSystem } from '../lib/app';
import { resolveDelivery } from '../lib/model/pipelines';
import { resolve } from '../lib/model/resolve';
import { defineDelivery } from '../lib/stacks/delivery-stack';
import { imagesFor } from './app/images-for';
import { selected } from './app/selection';

const app = new App();
const context = (key: string) => app.node.tryGetContext(key);

for (const { system, env } of selected(context)) {
  const model = resolve(system, env);
  defineSystem(app, model, imagesFor(model, context('release')));
}

// the tools' account is nobody's environment: it is left out where one environment is asked for
const systems = new Set(context('env') === undefined ? selected(context).map(({ system }) => system) : []);
for (const delivery of [...systems].map(resolveDelivery)) if (delivery) defineDelivery(app, delivery);

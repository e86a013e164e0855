import { App } from 'aws-cdk-lib';
import { defineStandby, defineSystem } from '../lib/app';
import { resolveDelivery } from '../lib/model/pipelines';
import { resolve } from '../lib/model/resolve';
import { defineDelivery } from '../lib/stacks/delivery-stack';
import { imagesFor } from './app/images-for';
import { selected } from './app/selection';

const app = new App();
const context = (key: string) => app.node.tryGetContext(key);

for (const { system, env } of selected(context)) {
  const model = resolve(system, env);
  const images = imagesFor(model, context('release'));
  // never by default: it is for the day on which the first region is lost
  if (context('standby') === undefined) defineSystem(app, model, images);
  else defineStandby(app, model, { images, restoreFrom: context('backups') });
}

// the tools' account is nobody's environment: it is left out where one environment is asked for
const systems = new Set(context('env') === undefined ? selected(context).map(({ system }) => system) : []);
for (const delivery of [...systems].map(resolveDelivery)) if (delivery) defineDelivery(app, delivery);

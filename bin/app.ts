import { App } from 'aws-cdk-lib';
import { defineStandby, defineSystem } from '../lib/app';
import { resolveDelivery } from '../lib/model/pipelines';
import { ConfigError } from '../lib/model/problem';
import { resolve } from '../lib/model/resolve';
import { defineDelivery } from '../lib/stacks/delivery-stack';
import { imagesFor } from './app/images-for';
import { selected } from './app/selection';

const app = new App();
const context = (key: string) => app.node.tryGetContext(key);

try {
  defineEnvironments();
  defineToolsAccounts();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function defineEnvironments(): void {
  for (const { system, env } of selected(context)) {
    const model = resolve(system, env);
    const images = imagesFor(model, context('release'));
    // never by default: it is for the day on which the first region is lost
    if (context('standby') === undefined) defineSystem(app, model, images);
    else defineStandby(app, model, { images, restoreFrom: context('backups') });
  }
}

/** They are nobody's environment, and left out where one environment is asked for. */
function defineToolsAccounts(): void {
  if (context('env') !== undefined) return;
  const systems = new Set(selected(context).map(({ system }) => system));
  for (const delivery of [...systems].map(resolveDelivery)) if (delivery) defineDelivery(app, delivery);
}

import { App } from 'aws-cdk-lib';
import { defineSystem } from '../lib/app';
import { resolve } from '../lib/model/resolve';
import { ENV_NAMES } from '../lib/model/system';
import { SYSTEMS } from '../systems';

const app = new App();

for (const system of SYSTEMS) {
  for (const env of ENV_NAMES) defineSystem(app, resolve(system, env));
}

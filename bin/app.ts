import { App } from 'aws-cdk-lib';
import { defineSystem } from '../lib/app';
import { resolve } from '../lib/model/resolve';
import { selected } from './app/selection';

const app = new App();

for (const { system, env } of selected((key) => app.node.tryGetContext(key))) defineSystem(app, resolve(system, env));

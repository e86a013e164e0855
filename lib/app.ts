import { type App, Tags } from 'aws-cdk-lib';
import { stackName } from './model/names';
import type { SystemModel } from './model/system';
import { LedgerStack } from './stacks/ledger-stack';

/** Define every stack of one system in one environment. */
export function defineSystem(app: App, model: SystemModel): void {
  const { name, env, account, region, tier } = model;
  const ledger = new LedgerStack(app, stackName(model, 'ledger'), { env: { account, region }, retain: tier.retain });
  for (const stack of [ledger]) {
    Tags.of(stack).add('system', name);
    Tags.of(stack).add('environment', env);
  }
}

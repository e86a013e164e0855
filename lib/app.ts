import { type App, type Stack, Tags } from 'aws-cdk-lib';
import { stackName } from './model/names';
import type { SystemModel } from './model/system';
import { DataStack } from './stacks/data-stack';
import { KeysStack } from './stacks/keys-stack';
import { LedgerStack } from './stacks/ledger-stack';
import { NetworkStack } from './stacks/network-stack';

/** Define every stack of one system in one environment. */
export function defineSystem(app: App, model: SystemModel): void {
  const { name, env, account, region } = model;
  const place = { env: { account, region } };
  const keys = new KeysStack(app, stackName(model, 'keys'), { ...place, model });
  const network = new NetworkStack(app, stackName(model, 'network'), { ...place, model });
  const ledger = new LedgerStack(app, stackName(model, 'ledger'), { ...place, model, keys, network });
  const data = new DataStack(app, stackName(model, 'data'), { ...place, model, keys, network });
  for (const stack of [keys, network, ledger, data] as Stack[]) {
    Tags.of(stack).add('system', name);
    Tags.of(stack).add('environment', env);
  }
}

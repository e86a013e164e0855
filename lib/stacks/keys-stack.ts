import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { EnvironmentKey, SigningKey } from '../constructs/environment-key';
import { signingKeyAlias } from '../model/names';
import type { SystemModel } from '../model/system';

export interface KeysStackProps extends StackProps {
  readonly model: SystemModel;
}

/** The keys of an environment. Without them nothing that was kept can be read, so this stack goes last. */
export class KeysStack extends Stack {
  readonly key: Key;
  readonly signingKey: Key;

  constructor(scope: Construct, id: string, { model, ...props }: KeysStackProps) {
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    const { retain } = model.tier;
    this.key = new EnvironmentKey(this, 'Environment', { retain, name: `${model.name}/${model.env}` }).key;
    this.signingKey = new SigningKey(this, 'Signing', { retain, name: signingKeyAlias(model) }).key;
  }
}

import { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface GeneratedSecretProps {
  /** Name in Secrets Manager. */
  readonly name: string;
  readonly key: IKey;
  readonly retain: boolean;
  readonly description: string;
}

/** Letters and digits alone, so that it stands in a URL as it is. */
const LENGTH = 40;

/** `{ user, password }`, the password made by Secrets Manager and never seen by a template. */
export class GeneratedAccount extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps & { readonly user: string }) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      ...named(props),
      generateSecretString: {
        ...{ excludePunctuation: true, passwordLength: LENGTH, generateStringKey: 'password' },
        secretStringTemplate: JSON.stringify({ user: props.user }),
      },
    });
    acknowledgeByHand(this);
  }

  get password(): SecretValue {
    return this.secret.secretValueFromJson('password');
  }
}

/** A text put together from others' secrets when it is deployed, e.g. a URL with a password in it. */
export class ComposedSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps & { readonly text: string }) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      ...named(props),
      // a reference that CloudFormation resolves, not the value
      secretStringValue: SecretValue.unsafePlainText(props.text),
    });
    acknowledgeByHand(this);
  }
}

/** `kid:secret` pairs by which one service knows another; the first signs, all of them verify. */
export class SharedSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const first = new GeneratedAccount(this, 'First', { ...props, name: `${props.name}/v1`, user: 'v1' });
    const text = `v1:${first.password.unsafeUnwrap()}`;
    this.secret = new ComposedSecret(this, 'Pairs', { ...props, text }).secret;
  }
}

function named({ name, key, retain, description }: GeneratedSecretProps) {
  return {
    ...{ secretName: name, encryptionKey: key, description },
    removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

function acknowledgeByHand(on: Construct): void {
  acknowledge(on, {
    ids: ['AwsSolutions-SMG4', 'NIST.800.53.R5-SecretsManagerRotationEnabled'],
    why: 'Verifiers must know the next value before a signer uses it, which a rotation of one secret alone cannot arrange.',
    instead: 'rotation by dual publish, quarterly, by the steps of docs/runbook.md.',
    again: 'with the first service that reads its secrets while it runs.',
  });
}

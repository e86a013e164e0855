import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Services that encrypt on their own behalf, not on that of a role with a grant. */
const PUBLISHERS = ['cloudwatch', 'events', 'budgets', 'costalerts', 'backup'];

export interface EnvironmentKeyProps {
  readonly retain: boolean;
  /** Alias without `alias/`, e.g. `coach/prod`. */
  readonly name: string;
}

/** The key under which everything of an environment rests: database, cache, objects, secrets, logs, notices. */
export class EnvironmentKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { retain, name }: EnvironmentKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: name,
      description: `Everything at rest of ${name}`,
      enableKeyRotation: true,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.letLogsEncrypt();
    this.letPublishersEncrypt();
  }

  private letLogsEncrypt(): void {
    const { region, account, partition } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }

  private letPublishersEncrypt(): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: PUBLISHERS.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

/** The key that signs tokens; its private half never leaves KMS. */
export class SigningKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { retain, name }: EnvironmentKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: name,
      description: `Signs the tokens of ${name}`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

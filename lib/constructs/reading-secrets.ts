import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Open what Secrets Manager keeps under a key. A secret's own grant says it in the policy of the key, which another stack has. */
export function readingSecrets(key: IKey): PolicyStatement {
  return new PolicyStatement({
    ...{ actions: ['kms:Decrypt'], resources: [key.keyArn] },
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(key).region}.amazonaws.com` } },
  });
}

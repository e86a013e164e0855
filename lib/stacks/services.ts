import type { Stack } from 'aws-cdk-lib';
import type { CapacityProviderStrategy, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Images } from '../constructs/images';
import { retention } from '../constructs/retention';
import { ServiceTask } from '../constructs/service-task';
import { entranceUrl } from '../model/listeners';
import { pointerParameter, serviceNamespace, signingKeyAlias } from '../model/names';
import type { Service, SystemModel } from '../model/system';
import type { Tier } from '../model/tiers';
import type { DataStack } from './data-stack';
import type { GateStack } from './gate-stack';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

/** What every stack of containers stands on. */
export interface Ground {
  readonly model: SystemModel;
  readonly images: Images;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly gate: GateStack;
}

/** Where a worker says how it is; nobody else asks it anything. */
const WORKER_PORT = 8080;

/** The task of a service: its image, what it is told, whom it may ask. */
export function serviceTask(stack: Stack, service: Service, ground: Ground): FargateTaskDefinition {
  const { model, data, images, keys } = ground;
  const key = Key.fromKeyArn(stack, 'Key', keys.key.keyArn);
  const { definition, logging } = new ServiceTask(stack, 'Container', {
    ...images.of(stack, service.name),
    ...{ name: service.name, family: stack.stackName, size: service.size, port: service.port ?? WORKER_PORT, key },
    environment: { ...toldByTheApp(service, ground), ...service.environment },
    secrets: data.secretsOf(service.secrets),
    stores: service.uses.map((store) => data.access(store)),
    logDays: retention(model.tier.logDays),
  });
  letFollow(stack, definition, model);
  if (service.readsFlags) data.flags.serve(definition, logging);
  if (service.signsTokens) letSign(definition, keys.signingKey.keyArn);
  return definition;
}

function toldByTheApp(
  { name, role, calls, queues, signsTokens, readsFlags }: Service,
  { model, data }: Ground,
): Record<string, string> {
  return {
    CANARY_POINTER: `ssm:${pointerParameter(model)}`,
    METRIC_NAMESPACE: serviceNamespace(model),
    ...Object.fromEntries(calls.map((called) => [`${called.toUpperCase()}_URL`, entranceUrl(model, called)])),
    ...(queues.length > 0 ? { QUEUES: queues.join(',') } : {}),
    ...(role === 'front' ? { ALLOWED_ORIGINS: originsOf(name, model).join(',') } : {}),
    ...(readsFlags ? { FLAGS_URL: data.flags.url } : {}),
    ...(signsTokens ? { JWT_SIGNING_KEY: `kms:alias/${signingKeyAlias(model)}` } : {}),
  };
}

/** Users come by the domain, the prober by the private name. */
function originsOf(name: string, model: SystemModel): readonly string[] {
  return [`https://${model.domain}`, entranceUrl(model, name)];
}

/** Every service reads at start who is canary. */
function letFollow(stack: Stack, { taskRole }: FargateTaskDefinition, model: SystemModel): void {
  StringParameter.fromStringParameterName(stack, 'Pointer', pointerParameter(model)).grantRead(taskRole);
}

function letSign(definition: FargateTaskDefinition, keyArn: string): void {
  definition.addToTaskRolePolicy(
    new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [keyArn] }),
  );
}

/** On demand where users wait; spare capacity where the tier says so, and for what exceeds the base of workers. */
export function capacityOf({ role }: Pick<Service, 'role'>, { capacity }: Tier): readonly CapacityProviderStrategy[] {
  const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1 };
  if (capacity === 'spot') return [spot];
  const base = { capacityProvider: 'FARGATE', base: 1, weight: role === 'worker' ? 0 : 1 };
  return role === 'worker' ? [base, spot] : [base];
}

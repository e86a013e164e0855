import { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LogDrivers,
  OperatingSystemFamily,
  Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { CACHE_PORT } from '../model/reach';
import { acknowledge, OWN_POLICY } from './acknowledge';
import { readingSecrets } from './reading-secrets';
import { ComposedSecret, GeneratedAccount } from './shared-secret';
import type { StoreAccess } from './store-access';

export interface CacheTaskProps {
  readonly cluster: ICluster;
  readonly group: ISecurityGroup;
  readonly key: IKey;
  /** Private zone made for it alone, e.g. `cache.dev.example.com`. */
  readonly zoneName: string;
  readonly secretPrefix: string;
  readonly logDays: RetentionDays;
}

/** Pinned by tag: a mirror may give it another digest, and nothing is kept in it. */
const IMAGE = 'public.ecr.aws/docker/library/redis:7.2-alpine';

/** A queue and cache in one container, for where losing both is nothing: a third of a node's price. */
export class CacheTask extends Construct {
  readonly service: FargateService;
  private readonly url: ComposedSecret;

  constructor(scope: Construct, id: string, props: CacheTaskProps) {
    super(scope, id);
    const { cluster, group, key, zoneName, secretPrefix } = props;
    const common = { key, retain: false, description: 'Cache in a container' };
    const account = new GeneratedAccount(this, 'Account', {
      ...common,
      name: `${secretPrefix}/account`,
      user: 'default',
    });
    const definition = this.define(props, account);
    acknowledge(this, OWN_POLICY);
    const cloudMapNamespace = new PrivateDnsNamespace(this, 'Zone', { vpc: cluster.vpc, name: zoneName });
    this.service = new FargateService(this, 'Service', {
      ...{ cluster, taskDefinition: definition, desiredCount: 1, securityGroups: [group], assignPublicIp: false },
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      ...{ minHealthyPercent: 0, maxHealthyPercent: 100, circuitBreaker: { rollback: true } },
      cloudMapOptions: { cloudMapNamespace, name: 'cache' },
    });
    this.url = new ComposedSecret(this, 'Url', {
      ...{ ...common, name: `${secretPrefix}/url` },
      text: `redis://:${account.password.unsafeUnwrap()}@cache.${zoneName}:${CACHE_PORT}`,
    });
  }

  access(): StoreAccess {
    const url = Secret.fromSecretsManager(this.url.secret);
    return { environment: {}, secrets: { CACHE_URL: url, QUEUE_URL: url } };
  }

  private define({ key, logDays }: CacheTaskProps, account: GeneratedAccount): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, 'Task', {
      ...{ cpu: 256, memoryLimitMiB: 512 },
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const logGroup = new LogGroup(this, 'Log', {
      ...{ encryptionKey: key, retention: logDays, removalPolicy: RemovalPolicy.DESTROY },
    });
    definition.addToExecutionRolePolicy(readingSecrets(key));
    definition.addContainer('cache', {
      image: ContainerImage.fromRegistry(IMAGE),
      command: ['sh', '-c', 'exec redis-server --save "" --maxmemory-policy noeviction --requirepass "$PASSWORD"'],
      secrets: { PASSWORD: Secret.fromSecretsManager(account.secret, 'password') },
      portMappings: [{ containerPort: CACHE_PORT }],
      healthCheck: { command: ['CMD-SHELL', 'redis-cli -a "$PASSWORD" ping | grep -q PONG'] },
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'cache' }),
      ...{ readonlyRootFilesystem: true, user: '999:1000' },
    });
    return definition;
  }
}

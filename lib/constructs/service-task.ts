import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  type HealthCheck,
  type LogDriver,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { RELEASE_ID_VARIABLE } from '../model/release';
import { type Accepted, acknowledge, OWN_POLICY } from './acknowledge';
import { readingSecrets } from './reading-secrets';
import type { StoreAccess } from './store-access';

export interface ServiceTaskProps {
  readonly name: string;
  /** Name under which its revisions are counted, and by which a person starts it. */
  readonly family: string;
  readonly image: ContainerImage;
  /** What makes it part of a release. */
  readonly release: string;
  /** One vCPU is 1024 CPU units. */
  readonly size: { readonly cpu: number; readonly memoryMiB: number };
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly stores: readonly StoreAccess[];
  /** @default - it listens on nothing */
  readonly port?: number;
  /** @default - the image's */
  readonly command?: readonly string[];
  readonly key: IKey;
  readonly logDays: RetentionDays;
}

/** Fargate ends a container for good after this. Seconds. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
const STOP_SECONDS = 120;
/** Left to the container for its own end. */
const STOP_MARGIN_MS = 10_000;
const USER = '10001:10001';

/** One container as all of ours are: ARM, no root, nothing writable but /tmp, secrets by reference, a log that never holds it up. */
export class ServiceTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly logging: LogDriver;

  constructor(scope: Construct, id: string, props: ServiceTaskProps) {
    super(scope, id);
    const { name, family, size, port, command, stores } = props;
    this.definition = new FargateTaskDefinition(this, 'Task', {
      ...{ family, cpu: size.cpu, memoryLimitMiB: size.memoryMiB },
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      volumes: [{ name: 'tmp' }],
    });
    // CloudFormation would deregister the revision it replaces, and nobody can go back to one that is
    this.definition.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.logging = this.log(props);
    const secrets: Record<string, Secret> = {
      ...props.secrets,
      ...Object.assign({}, ...stores.map((of) => of.secrets)),
    };
    const container = this.definition.addContainer(name, {
      image: props.image,
      command: command?.length ? [...command] : undefined,
      environment: this.environment(props),
      secrets,
      portMappings: port ? [{ containerPort: port }] : [],
      healthCheck: port ? answers(port) : undefined,
      stopTimeout: Duration.seconds(STOP_SECONDS),
      ...{ readonlyRootFilesystem: true, user: USER, privileged: false },
      logging: this.logging,
    });
    container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
    for (const store of stores) store.grant?.(this.definition.taskRole);
    if (Object.keys(secrets).length > 0) this.definition.addToExecutionRolePolicy(readingSecrets(props.key));
    acknowledge(this, OWN_POLICY, ...FINDINGS);
  }

  private environment({ release, environment, stores, port }: ServiceTaskProps): Record<string, string> {
    return {
      ...environment,
      [RELEASE_ID_VARIABLE]: release,
      ...(port ? { PORT: String(port) } : {}),
      STOP_TIMEOUT_MS: String(STOP_SECONDS * 1_000 - STOP_MARGIN_MS),
      ...Object.assign({}, ...stores.map((store) => store.environment)),
    };
  }

  /** Lines are dropped rather than requests when the log cannot keep up. */
  private log({ name, key, logDays }: ServiceTaskProps) {
    const logGroup = new LogGroup(this, 'Log', {
      ...{ encryptionKey: key, retention: logDays, removalPolicy: RemovalPolicy.DESTROY },
    });
    return LogDrivers.awsLogs({
      ...{ logGroup, streamPrefix: name, mode: AwsLogDriverMode.NON_BLOCKING, maxBufferSize: Size.mebibytes(4) },
    });
  }
}

const FINDINGS: readonly Accepted[] = [
  {
    ids: ['AwsSolutions-ECS2'],
    why: 'What stands in the environment are settings: names, addresses, numbers, the release.',
    instead: 'secrets come by reference and are never in the template.',
    again: 'when a setting becomes something that must not be read.',
  },
  {
    ids: ['AwsSolutions-IAM5[Resource::*]'],
    why: 'ecr:GetAuthorizationToken, by which the agent signs in to the registry, knows no resource.',
    instead: 'pulling is bound to the one repository.',
    again: 'when the action takes a resource.',
  },
];

/** Without a shell or curl, which the image need not have. */
function answers(port: number): HealthCheck {
  const ask = `fetch('http://127.0.0.1:${port}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return {
    command: ['CMD', 'node', '-e', ask],
    ...{ interval: Duration.seconds(15), timeout: Duration.seconds(5), retries: 3, startPeriod: Duration.seconds(30) },
  };
}

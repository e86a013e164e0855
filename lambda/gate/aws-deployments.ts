import {
  DescribeServicesCommand,
  type ECSClient,
  ECSServiceException,
  type ServiceDeployment as EcsDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { GateConfig } from '../../lib/model/gate-config';
import { isGoingBack } from './answer';
import type { ServiceDeployments } from './aws-service-deployments';
import { type DeploymentPort, hasEnded, type ServiceDeployment } from './ports';

export interface EcsPlace {
  /** Name or ARN of the cluster. A service's name in ECS is its name in the model. */
  readonly cluster: string;
  readonly services: GateConfig['services'];
  /** Name of the service that runs the canary workers; undefined if the system has none. */
  readonly canaryWorkers: string | undefined;
}

const NO_WORKERS = { desired: 0, running: 0, release: undefined };

/** ECS as the gate sees it. */
export class AwsDeployments implements DeploymentPort {
  constructor(
    private readonly ecs: ECSClient,
    private readonly place: EcsPlace,
    private readonly known: ServiceDeployments,
  ) {}

  async describe(arn: string): Promise<ServiceDeployment> {
    const [deployment] = await this.describeAll([arn]);
    if (deployment) return deployment;
    throw new Error(`${arn}: expected a service deployment, got none; ECS keeps them for 90 days`);
  }

  async latest(): Promise<readonly ServiceDeployment[]> {
    const newest = await Promise.all(this.place.services.map(async ({ name }) => (await this.known.list(name))[0]));
    return this.describeAll(newest.filter((arn) => arn !== undefined));
  }

  /** ECS refuses to stop what has ended or is going back already, and that is what was wanted. */
  async stop(arn: string): Promise<void> {
    try {
      await this.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
    } catch (error) {
      if (!(error instanceof ECSServiceException) || !(await this.isOver(arn))) throw error;
    }
  }

  async scaleCanaryWorkers(count: number): Promise<void> {
    const { cluster, canaryWorkers: service } = this.place;
    if (service !== undefined) await this.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
  }

  /** Of the revision that is being deployed alone: tasks of the one before do not make a release steady. */
  async canaryWorkers(): Promise<Awaited<ReturnType<DeploymentPort['canaryWorkers']>>> {
    const { cluster, canaryWorkers } = this.place;
    if (canaryWorkers === undefined) return NO_WORKERS;
    const { services = [] } = await this.ecs.send(new DescribeServicesCommand({ cluster, services: [canaryWorkers] }));
    const primary = services[0]?.deployments?.find(({ status }) => status === 'PRIMARY');
    if (!primary) return NO_WORKERS;
    const { desiredCount = 0, runningCount = 0, taskDefinition } = primary;
    return {
      desired: desiredCount,
      running: runningCount,
      release: (await this.known.releaseOf(taskDefinition)) || undefined,
    };
  }

  private async isOver(arn: string): Promise<boolean> {
    const [deployment] = await this.describeAll([arn]);
    return deployment === undefined || isGoingBack(deployment) || hasEnded(deployment);
  }

  private async describeAll(arns: readonly string[]): Promise<readonly ServiceDeployment[]> {
    const deployments = await this.known.describe(arns);
    const targets = deployments.flatMap(({ targetServiceRevision }) => targetServiceRevision?.arn ?? []);
    const revisions = await this.known.revisions(targets);
    return Promise.all(
      deployments.map(async (deployment) => {
        const revision = revisions.get(deployment.targetServiceRevision?.arn ?? '');
        const release = await this.known.releaseOf(revision?.taskDefinition);
        return asDeployment(this.place.services, deployment, { revision, release });
      }),
    );
  }
}

interface Target {
  readonly revision: ServiceRevision | undefined;
  readonly release: string;
}

/** @throws Error if ECS tells less of a deployment than the gate decides by */
function asDeployment(
  services: GateConfig['services'],
  deployment: EcsDeployment,
  { revision, release }: Target,
): ServiceDeployment {
  const { serviceDeploymentArn: arn, status, targetServiceRevision: target, createdAt, startedAt } = deployment;
  const service = services.find(({ name }) => name === lastPart(deployment.serviceArn));
  if (!arn || !status || !target) throw new Error(`${arn}: expected its status and target revision, got neither`);
  if (!service) throw new Error(`${arn}: expected a service on the release path (${namesOf(services)}), got another`);
  return {
    ...{ arn, service: service.name, lane: service.lane, status, release, digests: digestsOf(revision) },
    sourceRevisions: (deployment.sourceServiceRevisions ?? []).flatMap((source) => source.arn ?? []),
    weight: target.requestedProductionTrafficWeight ?? 0,
    alarms: deployment.alarms?.status ?? 'NONE',
    rollback: deployment.rollback && (deployment.rollback.reason ?? 'no reason given'),
    startedAt: (startedAt ?? createdAt ?? new Date(0)).toISOString(),
  };
}

/** What ECS resolved an image to, or what the image itself says where it is named by digest. */
function digestsOf(revision: ServiceRevision | undefined): readonly string[] {
  return (revision?.containerImages ?? []).flatMap(
    ({ imageDigest, image }) => imageDigest ?? image?.split('@')[1] ?? [],
  );
}

function lastPart(arn: string | undefined): string | undefined {
  return arn?.split('/').at(-1);
}

function namesOf(services: GateConfig['services']): string {
  return services.map(({ name }) => name).join(', ');
}

import type { ServiceDeployment } from '../../lambda/gate/ports';
import { Deployment, type DeploymentSurroundings } from './deployment';
import type { Revision } from './revision';
import type { WebService, WebServiceDefinition } from './web-service';
import type { WorkerService } from './worker-service';

export interface ControllerParts {
  /** First the front one. */
  readonly services: readonly WebService[];
  readonly workers: WorkerService;
  readonly canaryWorkers: WorkerService;
}

/** Stands in for ECS: it deploys services, tells of their deployments, and stops them on request. */
export class Controller {
  readonly workers: WorkerService;
  readonly canaryWorkers: WorkerService;
  private readonly services: readonly WebService[];
  private readonly deployments = new Map<string, Deployment>();
  private readonly latestOf = new Map<string, Deployment>();

  constructor(
    { services, workers, canaryWorkers }: ControllerParts,
    private readonly around: DeploymentSurroundings,
  ) {
    this.services = services;
    this.workers = workers;
    this.canaryWorkers = canaryWorkers;
  }

  /**
   * Deploy every service behind the balancer at once, one stack each as it were.
   *
   * @param revisionOf the revision each service is to have, by its name
   * @returns when every deployment has ended
   */
  async deploy(revisionOf: (service: string) => Revision): Promise<readonly ServiceDeployment[]> {
    return ended(this.services.map((service) => this.start(service, revisionOf(service.name))));
  }

  /** Put every service on a revision at once: for this deployment the service has neither a canary nor hooks, as after an update by hand. */
  async putBack(revisionOf: (service: string) => Revision): Promise<readonly ServiceDeployment[]> {
    const atOnce = { strategy: { kind: 'BLUE_GREEN' }, hooks: [] } as const;
    return ended(
      this.services.map((service) =>
        this.start(service, revisionOf(service.name), { ...service.definition, ...atOnce }),
      ),
    );
  }

  /** Deploy what a release has not begun to deploy yet. Returns at once; {@link latest} tells how it goes. */
  begin(release: string, revisionOf: (service: string) => Revision): void {
    const left = this.services.filter(({ name }) => this.latestOf.get(name)?.describe().release !== release);
    for (const service of left) void this.start(service, revisionOf(service.name)).run();
  }

  /** @throws Error when there never was such a deployment */
  describe(arn: string): ServiceDeployment {
    return this.find(arn).describe();
  }

  /** The latest deployment of each service, first the front's. */
  latest(): readonly ServiceDeployment[] {
    return this.services.flatMap(({ name }) => this.latestOf.get(name)?.describe() ?? []);
  }

  /** @throws Error when there never was such a deployment */
  stop(arn: string): void {
    this.find(arn).stop('stopped by request');
  }

  private start(service: WebService, revision: Revision, definition?: WebServiceDefinition): Deployment {
    const deployment = new Deployment(service, revision, this.around, definition);
    this.deployments.set(deployment.arn, deployment);
    this.latestOf.set(service.name, deployment);
    return deployment;
  }

  private find(arn: string): Deployment {
    const deployment = this.deployments.get(arn);
    if (!deployment) throw new Error(`ServiceDeploymentNotFoundException: ${arn}`);
    return deployment;
  }
}

async function ended(started: readonly Deployment[]): Promise<readonly ServiceDeployment[]> {
  await Promise.all(started.map((deployment) => deployment.run()));
  return started.map((deployment) => deployment.describe());
}

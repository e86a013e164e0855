import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  ServiceNotFoundException,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { RELEASE_ID_VARIABLE } from '../../lib/model/release';

/** A deployment lasts 30 days at most, so an older one cannot be under way. */
const LOOK_BACK_MS = 31 * 24 * 60 * 60_000;
/** Most that one Describe call takes. */
const MOST_ARNS = 20;

/** What ECS knows of deployments and revisions. Task definitions never change, so each is asked for once. */
export class ServiceDeployments {
  private readonly releases = new Map<string, string>();

  constructor(
    private readonly ecs: ECSClient,
    private readonly cluster: string,
    private readonly now: () => number,
  ) {}

  /** ARNs of a service's deployments of the last month, the newest first; none if there is no such service yet. */
  async list(service: string): Promise<readonly string[]> {
    try {
      const found = await this.lastMonth(service);
      return found.sort((a, b) => time(b) - time(a)).flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
    } catch (error) {
      if (error instanceof ServiceNotFoundException) return [];
      throw error;
    }
  }

  /** At most 20 deployments, in the order asked for; those that are gone are left out. */
  async describe(arns: readonly string[]): Promise<readonly ServiceDeployment[]> {
    if (arns.length === 0) return [];
    const asked = arns.slice(0, MOST_ARNS);
    const { serviceDeployments = [] } = await this.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: asked }),
    );
    return asked.flatMap((arn) => serviceDeployments.find((one) => one.serviceDeploymentArn === arn) ?? []);
  }

  /** At most 20 revisions by their ARNs. */
  async revisions(arns: readonly string[]): Promise<ReadonlyMap<string, ServiceRevision>> {
    if (arns.length === 0) return new Map();
    const { serviceRevisions = [] } = await this.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns.slice(0, MOST_ARNS) }),
    );
    return new Map(serviceRevisions.map((revision) => [revision.serviceRevisionArn ?? '', revision]));
  }

  private async lastMonth(service: string): Promise<ServiceDeploymentBrief[]> {
    const createdAt = { after: new Date(this.now() - LOOK_BACK_MS) };
    const found: ServiceDeploymentBrief[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.ecs.send(
        new ListServiceDeploymentsCommand({ cluster: this.cluster, service, createdAt, nextToken }),
      );
      found.push(...(page.serviceDeployments ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  /** RELEASE_ID in a task definition; empty if it has none. */
  async releaseOf(taskDefinition: string | undefined): Promise<string> {
    if (taskDefinition === undefined) return '';
    const known = this.releases.get(taskDefinition);
    if (known !== undefined) return known;
    const { taskDefinition: found } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const variables = (found?.containerDefinitions ?? []).flatMap(({ environment = [] }) => environment);
    const release = variables.find(({ name }) => name === RELEASE_ID_VARIABLE)?.value ?? '';
    this.releases.set(taskDefinition, release);
    return release;
  }
}

function time({ createdAt }: ServiceDeploymentBrief): number {
  return createdAt?.getTime() ?? 0;
}

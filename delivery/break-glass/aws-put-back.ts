import {
  type DeploymentConfiguration,
  DescribeServicesCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { ServiceDeployments } from '../../lambda/gate/aws-service-deployments';
import { hasEnded, type LedgerStore } from '../../lambda/gate/ports';

export interface EcsPlaces {
  readonly cluster: string;
  /** Task definition family of each service, by the service's name. */
  readonly families: Readonly<Record<string, string>>;
}

export interface PutBackOptions {
  readonly ecs: ECSClient;
  readonly known: ServiceDeployments;
  readonly places: EcsPlaces;
  /** Where a service's own deployment configuration is kept while another one stands in its place. */
  readonly store: LedgerStore;
  /** Between two looks at a deployment. */
  pause(): Promise<void>;
}

/**
 * ECS services set to a task definition that ran before, by `BLUE_GREEN` with no bake and no hook: as fast as new tasks become
 * healthy. The gate's hooks are taken off for it, and {@link AwsPutBack.restore} puts them on again.
 */
export class AwsPutBack {
  constructor(private readonly options: PutBackOptions) {}

  /** @throws Error if a service has no task definition of that release any more */
  async putBack(services: readonly string[], release: string): Promise<void> {
    const definitions = await Promise.all(services.map((service) => this.definitionOf(service, release)));
    await Promise.all(services.map((service, i) => this.update(service, definitions[i]!)));
    await Promise.all(services.map((service, i) => this.arrived(service, definitions[i]!)));
  }

  /** As {@link putBack}, and the gate holds each service's next deployment again. */
  async putBackUnderGate(services: readonly string[], release: string): Promise<void> {
    await this.putBack(services, release);
    await this.restore(services);
  }

  /** Rolling services, which have no hooks, go as they always do. */
  async roll(service: string, release: string): Promise<void> {
    const { ecs, places, pause } = this.options;
    const taskDefinition = await this.definitionOf(service, release);
    const { taskDefinition: runs } = await this.describe(service);
    if (runs !== taskDefinition) {
      await ecs.send(new UpdateServiceCommand({ cluster: places.cluster, service, taskDefinition }));
      await pause();
    }
    await this.arrived(service, taskDefinition);
  }

  /** Put a service's own deployment configuration on again, hooks and all, where it is off. */
  async restore(services: readonly string[]): Promise<void> {
    const { ecs, store, places } = this.options;
    for (const service of services) {
      const kept = await store.get(keyOf(service));
      const { deploymentConfiguration: stands } = await this.describe(service);
      if (kept === undefined || (stands?.lifecycleHooks ?? []).length > 0) continue;
      const deploymentConfiguration = JSON.parse(kept) as DeploymentConfiguration;
      await ecs.send(new UpdateServiceCommand({ cluster: places.cluster, service, deploymentConfiguration }));
    }
  }

  private async update(service: string, taskDefinition: string): Promise<void> {
    const { ecs, store, places, pause } = this.options;
    await this.settled(service);
    const { deploymentConfiguration: stands = {}, taskDefinition: runs } = await this.describe(service);
    if (runs === taskDefinition) return;
    // Kept before it is taken off; one without hooks is ours of an attempt that was cut short.
    if ((stands.lifecycleHooks ?? []).length > 0) await store.put(keyOf(service), JSON.stringify(stands));
    const { canaryConfiguration: _, linearConfiguration: __, ...rest } = stands;
    const atOnce = { ...rest, strategy: 'BLUE_GREEN' as const, bakeTimeInMinutes: 0, lifecycleHooks: [] };
    await ecs.send(
      new UpdateServiceCommand({ cluster: places.cluster, service, taskDefinition, deploymentConfiguration: atOnce }),
    );
    // ECS lists a new deployment a moment after it took it
    await pause();
  }

  /** @throws Error if ECS went back from it again, as its circuit breaker does with tasks that do not start */
  private async arrived(service: string, taskDefinition: string): Promise<void> {
    await this.settled(service);
    const { taskDefinition: runs } = await this.describe(service);
    if (runs === taskDefinition) return;
    throw new Error(
      `${service}: expected ${taskDefinition} to stay, got ${runs} again; see the events of the service, then go back to another release`,
    );
  }

  /** ECS must not be given a second deployment while the rule's weights are between two revisions. */
  private async settled(service: string): Promise<void> {
    const { known } = this.options;
    for (;;) {
      const [latest] = await known.describe((await known.list(service)).slice(0, 1));
      if (latest === undefined || hasEnded({ status: latest.status ?? 'PENDING' })) return;
      await this.options.pause();
    }
  }

  private async describe(service: string): Promise<Service> {
    const { ecs, places } = this.options;
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: places.cluster, services: [service] }),
    );
    const [found] = services;
    if (found) return found;
    throw new Error(`${service}: expected a service in cluster ${places.cluster}, got none`);
  }

  private async definitionOf(service: string, release: string): Promise<string> {
    const { ecs, known, places } = this.options;
    const familyPrefix = places.families[service];
    const { taskDefinitionArns = [] } = await ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix, sort: 'DESC', status: 'ACTIVE', maxResults: 100 }),
    );
    for (const arn of taskDefinitionArns) if ((await known.releaseOf(arn)) === release) return arn;
    throw new Error(
      `${service}: expected an active task definition of ${release} in family ${familyPrefix}, got none; go back to a release that still has one`,
    );
  }
}

function keyOf(service: string): string {
  return `system/deployment-configuration/${service}.json`;
}

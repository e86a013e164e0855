import type { ServiceRevision } from '@aws-sdk/client-ecs';
import type { ServiceDeployments } from './aws-service-deployments';

/** The balancer and the two target groups of a release's front, as CloudWatch's dimensions name them. */
export interface TrafficGroups {
  /** `app/<name>/<id>` */
  readonly balancer: string;
  /** `targetgroup/<name>/<id>` */
  readonly canary: string;
  readonly stable: string;
}

/**
 * Where the real traffic of a release and of the one it replaces is counted.
 *
 * The two groups swap roles with every deployment and stay the same within one, so they are read from the release's own deployment:
 * each service revision says which group it serves. The counts hold the prober's requests too, as the balancer cannot tell.
 *
 * @param front name of the front service
 * @returns undefined if the release has no deployment with both groups known
 */
export async function trafficGroups(
  known: ServiceDeployments,
  front: string,
  release: string,
): Promise<TrafficGroups | undefined> {
  for (const { targetServiceRevision, sourceServiceRevisions = [] } of await known.describe(await known.list(front))) {
    const [target = '', source = ''] = [targetServiceRevision?.arn, sourceServiceRevisions[0]?.arn];
    const revisions = await known.revisions([target, source].filter(Boolean));
    const canary = revisions.get(target);
    if ((await known.releaseOf(canary?.taskDefinition)) !== release) continue;
    return groupsOf(canary, revisions.get(source));
  }
  return undefined;
}

function groupsOf(canary: ServiceRevision | undefined, stable: ServiceRevision | undefined): TrafficGroups | undefined {
  const [ofCanary, ofStable] = [canary, stable].map((revision) => revision?.resolvedConfiguration?.loadBalancers?.[0]);
  const groups = {
    balancer: part(ofCanary?.productionListenerRule, /:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\//),
    canary: part(ofCanary?.targetGroupArn, /:(targetgroup\/.+)$/),
    stable: part(ofStable?.targetGroupArn, /:(targetgroup\/.+)$/),
  };
  const { balancer, canary: canaryGroup, stable: stableGroup } = groups;
  if (!balancer || !canaryGroup || !stableGroup || canaryGroup === stableGroup) return undefined;
  return { balancer, canary: canaryGroup, stable: stableGroup };
}

function part(arn: string | undefined, pattern: RegExp): string | undefined {
  return arn?.match(pattern)?.[1];
}

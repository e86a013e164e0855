import type { ReleaseWindow } from './delivery';
import { canaryWorkersName, globalName, physicalName, stackName } from './names';
import type { SystemModel } from './system';

/** What the function that keeps a release's order is told where it is deployed. */
export interface OrderConfig {
  readonly cluster: string;
  readonly ledger: string;
  readonly domain: string;
  /** Family of the task definitions of each service behind the balancer, and of each that takes jobs. */
  readonly webs: Readonly<Record<string, string>>;
  readonly workers: Readonly<Record<string, string>>;
  /** Alarms that ECS watches during a deployment. */
  readonly alarms: readonly string[];
  /** @default - at any time */
  readonly window?: ReleaseWindow;
}

export const ORDER_VARIABLES = { config: 'ORDER_CONFIG', noticeTopic: 'NOTICE_TOPIC' } as const;

export function orderConfigFor(model: SystemModel): OrderConfig {
  const families = (kind: 'web' | 'worker') =>
    Object.fromEntries(
      Object.values(model.services).flatMap((service) =>
        service.kind === kind ? [[service.name, stackName(model, service.name)]] : [],
      ),
    );
  return {
    ...{ cluster: physicalName(model), ledger: globalName(model, 'ledger'), domain: model.domain },
    window: model.pipeline?.window,
    ...{ webs: families('web'), workers: families('worker'), alarms: deploymentAlarms(model) },
  };
}

/** Names of every alarm that stands in a service's deployment. */
export function deploymentAlarms(model: SystemModel): readonly string[] {
  if (model.rollout.kind !== 'canary') return [];
  const webs = Object.values(model.services).filter(({ kind }) => kind === 'web');
  const own = webs.flatMap(({ name }) => [`release-${name}-errors`, `release-${name}-latency`]);
  return ['release-abort', 'rollback-evidence', ...own].map((name) => physicalName(model, name));
}

/** Parts of an environment that a release redeploys, each a stack, by when they go. */
export function releasedParts({ services, rollout }: SystemModel) {
  const names = (kind: 'web' | 'worker') => Object.values(services).flatMap((s) => (s.kind === kind ? s.name : []));
  const workers = names('worker');
  const canaries = rollout.kind === 'canary' ? workers.map(canaryWorkersName) : [];
  return { first: ['tasks'], canary: [...canaries, ...names('web')], last: workers } as const;
}

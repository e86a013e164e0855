import type { Charge, ChargesOf, Resource } from './bill';
import { containerCharges } from './charges/containers';
import { deliveryCharges } from './charges/delivery';
import { networkCharges } from './charges/network';
import { storeCharges } from './charges/stores';
import { watchingCharges } from './charges/watching';
import { FREE } from './free';
import type { Usage } from './usage';

/** What the charges of a resource depend on besides itself. */
export interface Setting {
  readonly usage: Usage;
  /** Hours a month in which what can be stopped runs. */
  readonly hours: number;
  /** Every resource of the same system and environment. */
  readonly resources: readonly Resource[];
}

export type Pricer = (resource: Resource, setting: Setting) => readonly Charge[];

const PRICERS: Readonly<Record<string, Pricer>> = {
  ...containerCharges,
  ...networkCharges,
  ...storeCharges,
  ...watchingCharges,
  ...deliveryCharges,
};

export function chargesIn(setting: Setting): ChargesOf {
  return (resource) => {
    const pricer = PRICERS[resource.type];
    if (pricer) return pricer(resource, setting);
    return FREE.some(
      (free) => resource.type === free || (free.endsWith('*') && resource.type.startsWith(free.slice(0, -1))),
    )
      ? 'free'
      : undefined;
  };
}

/** What is charged by use, and not by the resource that is used. */
export function usageCharges({ usage }: Setting): readonly Charge[] {
  const { logsGb, metrics, insightMetrics, imagesGb, objectsGb, backupGb, backupCopyGb } = usage;
  const charges: readonly Charge[] = [
    { item: 'cloudwatch.logs.ingest', quantity: logsGb, assumed: `${logsGb} GB of logs` },
    { item: 'cloudwatch.metric', quantity: metrics, assumed: `${metrics} metrics of the services' own` },
    { item: 'cloudwatch.container_insights.enhanced', quantity: insightMetrics, assumed: `${insightMetrics} metrics` },
    { item: 'prober.lambda', quantity: usage.releases > 0 ? 1 : 0, assumed: 'gate, prober and their calls' },
    {
      item: 'security_services.prod_minimal',
      quantity: usage.guarded ? 1 : 0,
      assumed: 'GuardDuty, Config, Security Hub and Inspector of the account',
    },
    { item: 'ecr.storage', quantity: imagesGb, assumed: `${imagesGb} GB of images` },
    { item: 's3.standard', quantity: objectsGb, assumed: `${objectsGb} GB of objects and their old versions` },
    {
      item: 'rds.backup',
      quantity: backupGb + backupCopyGb,
      assumed: `${backupGb} GB here, ${backupCopyGb} GB in the second region`,
    },
    { item: 'data_out.inter_region', quantity: backupCopyGb / 5, assumed: 'a fifth of the copy changes in a month' },
  ];
  return charges.filter(({ quantity }) => quantity > 0);
}

import type { Resource } from '../bill';
import type { Pricer, Setting } from '../charges';
import { priceOf } from '../price-list';

interface ServiceProperties {
  readonly TaskDefinition?: { readonly Ref?: string };
  readonly ServiceName?: string;
  readonly DesiredCount?: number;
  readonly LaunchType?: string;
  readonly CapacityProviderStrategy?: readonly Provider[];
}

interface Provider {
  readonly CapacityProvider: string;
  readonly Base?: number;
  readonly Weight?: number;
}

interface TaskProperties {
  readonly Cpu: string;
  readonly Memory: string;
  readonly RuntimePlatform?: { readonly CpuArchitecture?: string };
}

const CPU_UNITS = 1_024;
const MIB = 1_024;

/** A service's tasks at its least count: what runs when there is little to do. */
const service: Pricer = (resource, setting) => {
  const properties = resource.properties as ServiceProperties;
  const { Cpu, Memory, RuntimePlatform } = taskOf(resource, properties, setting);
  const kind = `fargate.${RuntimePlatform?.CpuArchitecture === 'ARM64' ? 'arm64' : 'x86'}`;
  const count = countOf(resource, properties, setting);
  const hours = count * setting.hours * priceFactor(properties, count);
  return [
    { item: `${kind}.vcpu`, quantity: (hours * Number(Cpu)) / CPU_UNITS },
    { item: `${kind}.memory`, quantity: (hours * Number(Memory)) / MIB },
  ];
};

function taskOf({ stack }: Resource, { TaskDefinition }: ServiceProperties, { resources }: Setting): TaskProperties {
  const task = resources.find((known) => known.stack === stack && known.logicalId === TaskDefinition?.Ref);
  return task!.properties as unknown as TaskProperties;
}

/** Where the count is scaled, the template holds the least count in the scalable target instead. */
function countOf({ logicalId }: Resource, properties: ServiceProperties, { resources }: Setting): number {
  const { DesiredCount, ServiceName = logicalId } = properties;
  if (DesiredCount !== undefined) return DesiredCount;
  const target = resources.find(
    (known) =>
      known.type === 'AWS::ApplicationAutoScaling::ScalableTarget' &&
      JSON.stringify(known.properties.ResourceId).includes(`/${ServiceName}"`),
  );
  return Number(target?.properties.MinCapacity ?? 1);
}

/** Share of the on-demand price that is paid: Spot's factor for the tasks that stand on Spot. */
function priceFactor({ CapacityProviderStrategy: providers = [] }: ServiceProperties, count: number): number {
  if (providers.length === 0 || count === 0) return 1;
  const base = providers.reduce((sum, { Base = 0 }) => sum + Base, 0);
  const weights = providers.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  const onSpot = providers
    .filter(({ CapacityProvider }) => CapacityProvider === 'FARGATE_SPOT')
    .reduce(
      (sum, { Base = 0, Weight = 0 }) => sum + Base + (weights && (Math.max(0, count - base) * Weight) / weights),
      0,
    );
  const share = Math.min(1, onSpot / count);
  return 1 - share * (1 - SPOT);
}

const SPOT = priceOf('fargate.spot.factor').usd;

export const containerCharges: Readonly<Record<string, Pricer>> = { 'AWS::ECS::Service': service };

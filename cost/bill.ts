import { type Confidence, priceOf } from './price-list';

/** So much of one price item, for one resource or for what flows through it. */
export interface Charge {
  readonly item: string;
  /** A month, in the item's unit. */
  readonly quantity: number;
  /** Where the quantity comes from, if it is not in the template. */
  readonly assumed?: string;
}

/** A resource as a template has it. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  /** Construct path, for people. */
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Line extends Charge {
  readonly stack: string;
  readonly path: string;
  readonly type: string;
  readonly unit: string;
  readonly usd: number;
  readonly confidence: Confidence;
  readonly asOf: string | null;
}

/** What a set of stacks costs a month. */
export interface Bill {
  readonly lines: readonly Line[];
  /** Free units of the account, taken off again; each `usd` is negative or nought. */
  readonly allowances: readonly Line[];
  readonly usd: number;
  /** Resources of types nobody has said are free or priced. */
  readonly unpriced: readonly Resource[];
}

/** How a resource type is charged: `free`, or the charges of one resource. `undefined`: the type is not known. */
export type ChargesOf = (resource: Resource) => readonly Charge[] | 'free' | undefined;

/** Pure: the same resources, charged in the same way, cost the same. */
export function billOf(resources: readonly Resource[], chargesOf: ChargesOf, general: readonly Charge[]): Bill {
  const charged = resources.map((resource) => ({ resource, charges: chargesOf(resource) }));
  const lines = [
    ...charged.flatMap(({ resource, charges }) =>
      Array.isArray(charges)
        ? charges.filter(({ quantity }: Charge) => quantity > 0).map((charge: Charge) => lineOf(resource, charge))
        : [],
    ),
    ...general.map((charge) => lineOf(GENERAL, charge)),
  ];
  const allowances = allowancesOf(lines);
  return {
    ...{ lines, allowances },
    usd: sum([...lines, ...allowances].map(({ usd }) => usd)),
    unpriced: charged.flatMap(({ resource, charges }) => (charges === undefined ? [resource] : [])),
  };
}

const GENERAL: Resource = { stack: 'whole system', logicalId: '', path: 'use', type: '', properties: {} };

function lineOf({ stack, path, type }: Resource, charge: Charge): Line {
  const { usd, unit, confidence, as_of: asOf } = priceOf(charge.item);
  return { ...charge, stack, path, type, unit, confidence, asOf, usd: charge.quantity * usd };
}

/** An allowance is the account's, so it is taken off the sum of an item and not off each resource. */
function allowancesOf(lines: readonly Line[]): readonly Line[] {
  const items = [...new Set(lines.map(({ item }) => item))];
  return items.flatMap((item) => {
    const { allowance = 0, usd } = priceOf(item);
    const used = sum(lines.filter((line) => line.item === item).map(({ quantity }) => quantity));
    const free = Math.min(allowance, used);
    if (free === 0 || usd === 0) return [];
    return [lineOf({ ...GENERAL, path: 'free part' }, { item, quantity: -free })];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import prices from './prices.ap-southeast-1.json';

/** A: price list of 2026 for the region. B: a bill or an older page. C: derived. D: from memory, to be verified before it is quoted. */
export type Confidence = 'A' | 'B' | 'C' | 'D';

export interface Price {
  readonly item: string;
  /** What one costs `usd`: `instance-hour`, `gb-month`. */
  readonly unit: string;
  readonly usd: number;
  readonly confidence: Confidence;
  /** Day, month or year it was read; null if unknown. */
  readonly as_of: string | null;
  readonly note: string;
  /** Free units a month, once for an account. */
  readonly allowance?: number;
}

export const HOURS_A_MONTH = prices.hours_per_month;
export const PRICED_REGION = prices.region;

const BY_ITEM = new Map((prices.items as readonly Price[]).map((price) => [price.item, price]));

/** @throws Error if the list does not have it */
export function priceOf(item: string): Price {
  const price = BY_ITEM.get(item);
  if (!price)
    throw new Error(
      `cost/prices.${PRICED_REGION}.json: expected a price of ${item}, got nothing; add it with its source`,
    );
  return price;
}

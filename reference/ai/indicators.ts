/** A series of prices, oldest first, and the number of them that an average looks at. */
export interface IndicatorRequest {
  readonly prices: readonly number[];
  readonly window: number;
}

export interface Indicators {
  /** Simple moving average of the last `window` prices. */
  readonly sma: number;
  /** Exponential moving average over the whole series. */
  readonly ema: number;
  /** Relative strength over the last `window` changes, 0 to 100. */
  readonly rsi: number;
  readonly trend: 'up' | 'down' | 'flat';
}

export type Compute = (request: IndicatorRequest) => Indicators;

const DECIMALS = 6;
const MOST_PRICES = 10_000;

/** Equal requests get equal answers, on any machine: sums in one order, results rounded to six decimals. */
export const computeIndicators: Compute = ({ prices, window }) => {
  const recent = prices.slice(-window);
  const sma = sum(recent) / recent.length;
  const ema = prices.reduce((average, price) => average + (price - average) * (2 / (window + 1)));
  const last = prices.at(-1) ?? 0;
  const trend = last > sma ? 'up' : last < sma ? 'down' : 'flat';
  return { sma: rounded(sma), ema: rounded(ema), rsi: rounded(relativeStrength(prices, window)), trend };
};

function relativeStrength(prices: readonly number[], window: number): number {
  const changes = prices
    .slice(1)
    .map((price, i) => price - (prices[i] ?? 0))
    .slice(-window);
  const gains = sum(changes.filter((change) => change > 0));
  const losses = -sum(changes.filter((change) => change < 0));
  return gains + losses === 0 ? 50 : (100 * gains) / (gains + losses);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

/** @returns what is wrong with a request's body; undefined if it can be computed */
export function refuseRequest(body: unknown): string | undefined {
  const { prices, window } = (body ?? {}) as { prices?: unknown; window?: unknown };
  if (!Array.isArray(prices) || prices.length < 2 || prices.length > MOST_PRICES || !prices.every(Number.isFinite))
    return `prices: expected 2 to ${MOST_PRICES} numbers`;
  if (!Number.isInteger(window) || Number(window) < 1 || Number(window) > prices.length)
    return 'window: expected a whole number from 1 to the number of prices';
  return undefined;
}

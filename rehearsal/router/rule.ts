import type { IncomingHttpHeaders } from 'node:http';

/** Share of requests by target group, as a listener rule holds it: 0 to 999 each, the sum need not be 100. */
export type Weights = Readonly<Record<string, number>>;

/** A listener rule: who matches it is sent to one of its target groups, chosen by weight. */
export interface Rule {
  readonly name: string;
  /** @default - every request matches */
  readonly header?: HeaderCondition;
  readonly weights: Weights;
}

/** A value matches without regard to case; `*` stands for any characters, `?` for one. */
export interface HeaderCondition {
  readonly name: string;
  readonly value: string;
}

/** The first rule that a request matches; a balancer's rules are ordered by priority. */
export function firstMatch(rules: readonly Rule[], headers: IncomingHttpHeaders): Rule | undefined {
  return rules.find(({ header }) => !header || matches(header, headers));
}

function matches({ name, value }: HeaderCondition, headers: IncomingHttpHeaders): boolean {
  const given = headers[name.toLowerCase()];
  if (given === undefined) return false;
  const pattern = value
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return [given].flat().some((text) => new RegExp(`^${pattern}$`, 'is').test(text));
}

/**
 * The target group a request goes to.
 *
 * @param chance a number in [0, 1)
 * @returns undefined if no group has any weight
 */
export function pick(weights: Weights, chance: number): string | undefined {
  const entries = Object.entries(weights).filter(([, weight]) => weight > 0);
  let left = chance * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [group, weight] of entries) {
    left -= weight;
    if (left < 0) return group;
  }
  return undefined;
}

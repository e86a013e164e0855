import type { Entrance } from './entrance';
import type { Session } from './session';

/** What every sample of an entrance is made with. */
export interface Visit {
  readonly entrance: Entrance;
  readonly session: Session | undefined;
  /** SHA-256 of the expected answer to a fixture, by release and probe. */
  readonly expected: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A request is given up when it has taken so many times its bound: it is a breach long before. */
export function timeoutMs(boundMs: number): number {
  return Math.max(2_000, 4 * boundMs);
}

/** Which way a sample went in: as users do, or by the test rule that leads to the canary. */
export type EntranceName = 'production' | 'test';

/** One request or handshake that a sample made, for the probe that counts them all. */
export interface Attempt {
  /** Release that answered, by its own word. */
  readonly release: string | undefined;
  /** No answer, a timeout, or a 5xx. */
  readonly failed: boolean;
  /** Whether anybody answered: a service, not the balancer in its place. */
  readonly answered: boolean;
}

/** What one try of one probe showed. A probe never throws: a failure is a sample too. */
export interface Sample {
  readonly probe: string;
  readonly entrance: EntranceName;
  /** Release it counts for, by the word of what answered; see {@link armOf}. */
  readonly release: string | undefined;
  readonly answered: boolean;
  readonly latencyMs: number;
  readonly breach: boolean;
  /** A failure that no environment excuses. */
  readonly hard: boolean;
  /** What was wrong, for people; nothing if nothing was. */
  readonly why?: string;
  readonly attempts: readonly Attempt[];
}

export interface Arms {
  readonly canary: string;
  readonly stable: string;
}

/**
 * The arm that a sample or an attempt counts for.
 *
 * The release that answered decides. Where nobody did (no connection, a timeout, the balancer's own 502, 503 or 504), the entrance
 * does: it counts against the arm that should have answered there. Otherwise an arm that is dead would have no samples, and a
 * shared outage would be the canary's alone. An answer without a known release counts for nobody.
 */
export function armOf(
  { release, answered }: Pick<Sample, 'release' | 'answered'>,
  entrance: EntranceName,
  arms: Arms,
): 'canary' | 'stable' | 'misrouted' {
  if (!answered) return entrance === 'test' ? 'canary' : 'stable';
  if (release === arms.canary) return 'canary';
  return release === arms.stable ? 'stable' : 'misrouted';
}

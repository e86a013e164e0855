import type { ProbeConfig } from '../../lib/model/system';

const REAL_MINUTE_MS = 60_000;
/** A waiting bound is not compressed below this: a machine's own hiccups stay as long as they are, however short a minute is. */
const LEAST_COMPRESSED_MS = 1_000;
/** One machine runs all services, both arms and the load of a minute in a second: a tight bound would measure its scheduler. */
const LEAST_MS = 500;

/**
 * A probe with its bound in the time of its minute.
 *
 * Up to a second a bound measures the machine, and is at least half a second where minutes are compressed. A longer one is waiting,
 * and must shrink with the minute it is counted in: an import's 60 s would otherwise outlast most of a rehearsal. In AWS a minute is
 * a minute and nothing changes.
 */
export function inTimeOf<P extends ProbeConfig>(probe: P, minuteMs: number): P {
  if (!('boundMs' in probe) || minuteMs >= REAL_MINUTE_MS) return probe;
  const scaled = Math.max(LEAST_COMPRESSED_MS, (probe.boundMs * minuteMs) / REAL_MINUTE_MS);
  return { ...probe, boundMs: Math.max(LEAST_MS, Math.min(probe.boundMs, scaled)) };
}

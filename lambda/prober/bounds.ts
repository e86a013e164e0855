import type { ProbeConfig } from '../../lib/model/system';

const REAL_MINUTE_MS = 60_000;
/** No bound is compressed below this: a machine's own hiccups stay as long as they are, however short a minute is. */
const LEAST_COMPRESSED_MS = 1_000;

/**
 * A probe with its bound in the time of its minute.
 *
 * Up to a second a bound measures the machine and stays as it is. A longer one is waiting, and must shrink with the minute it is
 * counted in: an import's 60 s would otherwise outlast most of a rehearsal. In AWS a minute is a minute and nothing changes.
 */
export function inTimeOf<P extends ProbeConfig>(probe: P, minuteMs: number): P {
  if (!('boundMs' in probe) || minuteMs >= REAL_MINUTE_MS) return probe;
  const scaled = Math.max(LEAST_COMPRESSED_MS, (probe.boundMs * minuteMs) / REAL_MINUTE_MS);
  return { ...probe, boundMs: Math.min(probe.boundMs, scaled) };
}

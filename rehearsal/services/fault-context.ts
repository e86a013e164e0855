import type { CanaryChanges, FaultContext, ServiceName } from '../faults/fault';
import { faultNamed } from '../faults/faults';
import { seeded } from '../router/random';

/** What the rehearsal tells a service's process besides its own settings. */
export const SERVICE_VARIABLES = {
  fault: 'REHEARSAL_FAULT',
  minuteMs: 'REHEARSAL_MINUTE_MS',
  seed: 'REHEARSAL_SEED',
  /** Bound of each probe in milliseconds, in the time of its minute, as JSON. */
  bounds: 'REHEARSAL_BOUNDS',
} as const;

/**
 * What a fault changes in this process; nothing without a fault.
 *
 * Ends the process if that is the fault.
 */
export function changesOf(service: ServiceName): { readonly changes: CanaryChanges; readonly context: FaultContext } {
  const name = process.env[SERVICE_VARIABLES.fault];
  const changes = (name && faultNamed(name).canary) || {};
  if (changes.dies === service) {
    console.error('fatal: this release cannot start');
    process.exit(1);
  }
  return { changes, context: contextOf(Number(process.env[SERVICE_VARIABLES.minuteMs])) };
}

function contextOf(minuteMs: number): FaultContext {
  const bounds = JSON.parse(process.env[SERVICE_VARIABLES.bounds]!) as Readonly<Record<string, number>>;
  return {
    minuteMs,
    random: seeded(Number(process.env[SERVICE_VARIABLES.seed])),
    age: () => performance.now() / minuteMs,
    boundMs: (probe) => bounds[probe]!,
  };
}

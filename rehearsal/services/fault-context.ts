import { inTimeOf } from '../../lambda/prober/bounds';
import { resolve } from '../../lib/model/resolve';
import { coach } from '../../systems/coach';
import type { CanaryChanges, FaultContext, ServiceName } from '../faults/fault';
import { faultNamed } from '../faults/faults';
import { seeded } from '../router/random';

/** What the rehearsal tells a service's process besides its own settings. */
export const SERVICE_VARIABLES = {
  fault: 'REHEARSAL_FAULT',
  minuteMs: 'REHEARSAL_MINUTE_MS',
  seed: 'REHEARSAL_SEED',
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
  const { probes } = resolve(coach, 'prod');
  return {
    minuteMs,
    random: seeded(Number(process.env[SERVICE_VARIABLES.seed])),
    age: () => performance.now() / minuteMs,
    boundMs: (id) => {
      const probe = probes.find((known) => known.id === id)!;
      const scaled = inTimeOf(probe, minuteMs);
      return 'boundMs' in scaled ? scaled.boundMs : 0;
    },
  };
}

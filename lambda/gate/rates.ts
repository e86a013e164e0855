import { burstSize } from '../../lib/model/evidence/rate-trial';
import type { Minute, Plan } from '../../lib/model/gate-plan';
import { foldAll } from './judge';
import type { Trial } from './trial';

/** Samples for each arm in the next minute, by probe. */
export type Rates = Readonly<Record<string, number>>;

/**
 * How hard to look in the next minute.
 *
 * It depends on closed minutes only, so the size of a minute is fixed by the past, and every guarantee stands.
 */
export function ratesFor(plan: Plan, minutes: readonly Minute[]): Rates {
  return nextRates(foldAll(plan, minutes));
}

/** The same of a trial that is already open. */
export function nextRates(trial: Trial): Rates {
  const isOver = isDone(trial);
  return Object.fromEntries(
    trial.probes.map(({ spec, rate, hard }) => {
      const unsure = !isOver && (rate ? rate.unsure : hard.justFailed);
      return [spec.id, unsure ? burstSize(spec) : spec.perMinute];
    }),
  );
}

/** Whether nothing is left to learn. The final bake of a plan of version 2 is judged too. */
function isDone({ plan, final }: Trial): boolean {
  return plan.version === 1 ? final !== undefined : final?.verdict === 'rollback';
}

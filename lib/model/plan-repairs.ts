import { isSurelyFound } from './evidence/detection';
import { inDecimals } from './evidence/in-words';
import { chanceAtStop } from './evidence/probe-power';
import type { Plan, RateProbe } from './gate-plan';

/** One change to a plan that may put it right: how it is named, the values tried in order, and the plan each gives. */
interface Repair {
  readonly name: string;
  /** The value now, unless the problem names it already. */
  readonly is?: number;
  readonly values: readonly number[];
  readonly apply: (value: number) => { readonly plan: Plan; readonly probe: RateProbe };
}

/** No search goes further than this; a repair beyond it is none. */
const MOST = { perMinute: 600, burst: 10, hardStopMin: 240 };

/** Each smallest single change after which a typical release is certified in time, e.g. `pTol ≥ 0.10 (is 0.08)`. */
export function powerRepairs(plan: Plan, probe: RateProbe, enough: number): readonly string[] {
  const ofPlan = [tailMin(plan, probe), hardStopMin(plan, probe)];
  return [...probePowerRepairs(plan, probe, enough), ...phrases(ofPlan, isCertified(enough))];
}

/** The same, of changes to the probe alone. */
export function probePowerRepairs(plan: Plan, probe: RateProbe, enough: number): readonly string[] {
  return phrases([perMinute(plan, probe), burst(plan, probe), pTol(plan, probe)], isCertified(enough));
}

/** Each smallest single change after which a release at mustCatch is found in time. */
export function speedRepairs(plan: Plan, probe: RateProbe): readonly string[] {
  const tries = [mustCatch(plan, probe), perMinute(plan, probe), burst(plan, probe), hardStopMin(plan, probe)];
  return phrases(tries, (repaired) => isSurelyFound(repaired.plan, repaired.probe, repaired.probe.mustCatch));
}

type Works = (repaired: ReturnType<Repair['apply']>) => boolean;

function isCertified(enough: number): Works {
  return ({ plan, probe }) => chanceAtStop(plan, probe) >= enough;
}

function phrases(repairs: readonly Repair[], works: Works): readonly string[] {
  return repairs.flatMap(({ name, is, values, apply }) => {
    const value = values.find((candidate) => works(apply(candidate)));
    if (value === undefined) return [];
    return [`${name} ≥ ${inDecimals(value)}${is === undefined ? '' : ` (is ${inDecimals(is)})`}`];
  });
}

/** What changes one number of the probe. */
function ofProbe(plan: Plan, probe: RateProbe, name: 'perMinute' | 'burst' | 'pTol' | 'mustCatch') {
  const apply = (value: number) => {
    const changed = { ...probe, [name]: value };
    return {
      plan: { ...plan, probes: plan.probes.map((other) => (other.id === probe.id ? changed : other)) },
      probe: changed,
    };
  };
  return { name, is: probe[name], apply };
}

function perMinute(plan: Plan, probe: RateProbe): Repair {
  return { ...ofProbe(plan, probe, 'perMinute'), is: undefined, values: steps(probe.perMinute, MOST.perMinute, 1) };
}

function burst(plan: Plan, probe: RateProbe): Repair {
  return { ...ofProbe(plan, probe, 'burst'), values: steps(Math.floor(probe.burst), MOST.burst, 1) };
}

function pTol(plan: Plan, probe: RateProbe): Repair {
  return { ...ofProbe(plan, probe, 'pTol'), values: steps(probe.pTol, probe.mustCatch, 0.005) };
}

function mustCatch(plan: Plan, probe: RateProbe): Repair {
  return { ...ofProbe(plan, probe, 'mustCatch'), is: undefined, values: steps(probe.mustCatch, 0.99, 0.01) };
}

function tailMin(plan: Plan, probe: RateProbe): Repair {
  const values = steps(plan.tailMin, plan.bakeMin - plan.burnInMin, 1);
  return {
    name: 'tailMin',
    is: plan.tailMin,
    values,
    apply: (value) => ({ plan: { ...plan, tailMin: value }, probe }),
  };
}

function hardStopMin(plan: Plan, probe: RateProbe): Repair {
  const values = steps(plan.hardStopMin, MOST.hardStopMin, 1);
  return {
    name: 'hardStopMin',
    is: plan.hardStopMin,
    values,
    apply: (value) => ({ plan: { ...plan, hardStopMin: value }, probe }),
  };
}

/** Multiples of a step above a value, up to the most. */
function steps(above: number, most: number, step: number): readonly number[] {
  const perUnit = Math.round(1 / step);
  const first = Math.floor(above * perUnit + 1e-9) + 1;
  const count = Math.max(0, Math.floor(most * perUnit + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) / perUnit);
}

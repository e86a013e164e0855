import { AI, DEFAULT_PLAN, LOGIN } from '../../lib/model/gate-defaults';
import { DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import type { Plan } from '../../lib/model/gate-plan';
import { constantProblems, probeListProblems, probeProblems } from '../../lib/model/plan-shape';
import { ConfigError, type Problem } from '../../lib/model/problem';
import { isObject, parse } from './minute-reader';

const FIX = 'give a plan.json from the ledger, or a copy of one';

/** A plan of each version, whose values show of what type each is. */
const MODELS: readonly Plan[] = [DEFAULT_PLAN_V1, DEFAULT_PLAN];

/**
 * Read a release's `plan.json`.
 *
 * @param name what an error calls the file
 * @throws ConfigError with every value that is missing or makes no sense
 */
export function readPlan(name: string, text: string): Plan {
  const plan = parse(text);
  const problems = structureProblems(plan);
  if (problems.length > 0) throw new ConfigError(name, problems);
  const sound = plan as Plan;
  const misshapen = [...constantProblems(sound), ...probeListProblems(sound), ...sound.probes.flatMap(probeProblems)];
  if (misshapen.length > 0)
    throw new ConfigError(
      name,
      misshapen.map((problem) => ({ ...problem, fix: FIX })),
    );
  return sound;
}

function structureProblems(plan: unknown): readonly Problem[] {
  if (!isObject(plan)) return [{ at: 'plan', got: undefined, expected: 'one object of JSON', fix: FIX }];
  const model = MODELS.find(({ version }) => version === plan.version);
  if (!model) {
    const fix = 'replay it with the version of this app that wrote it, or a later one';
    return [{ at: 'version', got: plan.version, expected: '1 or 2', fix }];
  }
  if (!Array.isArray(plan.probes)) return [{ at: 'probes', got: plan.probes, expected: 'a list of probes', fix: FIX }];
  const { probes: _, ...constants } = model;
  return [...unlike('', constants, plan), ...plan.probes.flatMap((probe, i) => probeStructure(`probes[${i}]`, probe))];
}

function probeStructure(at: string, probe: unknown): readonly Problem[] {
  if (!isObject(probe)) return [{ at, got: probe, expected: 'a probe', fix: FIX }];
  if (probe.kind !== 'rate' && probe.kind !== 'exact') {
    return [{ at: `${at}.kind`, got: probe.kind, expected: '"rate" or "exact"', fix: FIX }];
  }
  return unlike(`${at}.`, probe.kind === 'rate' ? LOGIN : AI, probe);
}

/** Values that have not the type of the model's. */
function unlike(at: string, model: object, found: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.entries(model).flatMap(([key, value]) => {
    const got = found[key];
    const missing = { at: `${at}${key}`, got, expected: `a value like ${JSON.stringify(value)}`, fix: FIX };
    if (isObject(value)) return isObject(got) ? unlike(`${at}${key}.`, value, got) : [missing];
    return typeof got === typeof value ? [] : [missing];
  });
}

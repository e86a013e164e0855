import type { PlanV2, ProbeSpec, RateProbe } from './gate-plan';
import type { ProbeConfig, Rollout, SystemModel } from './system';

/**
 * The plan by which a release is judged against the one it replaces.
 *
 * @throws Error if the environment releases without a canary, so that nothing is judged there
 */
export function planFor(model: SystemModel, release: string, stable: string): PlanV2 {
  const { rollout, name, env } = model;
  if (rollout.kind !== 'canary')
    throw new Error(`${name}/${env}: rollout: expected "canary", got "${rollout.kind}"; there is nothing to judge`);
  return { ...planTemplate(rollout, model.probes), release, stable, hotfix: false };
}

/** A plan before it is known which releases it compares. */
export type PlanTemplate = Omit<PlanV2, 'release' | 'stable' | 'hotfix'>;

export function planTemplate(
  { plan, finalBakeMinutes }: Extract<Rollout, { kind: 'canary' }>,
  probes: readonly ProbeConfig[],
): PlanTemplate {
  return { version: 2, ...plan, finalBakeMin: finalBakeMinutes, probes: probes.map(probeSpec) };
}

/** What the judge must know of a probe. */
export function probeSpec(probe: ProbeConfig): ProbeSpec {
  if (probe.kind === 'fixture') {
    const { id, perMinute, burst, confirm } = probe;
    return { kind: 'exact', id, bound: 'same answer to the fixture', perMinute, burst, confirm };
  }
  if (probe.kind === 'traffic') return passiveSpec(probe);
  return { kind: 'rate', id: probe.id, bound: boundInWords(probe), ...probe.objective };
}

function passiveSpec({ id, slowerThanMs, objective }: Extract<ProbeConfig, { kind: 'traffic' }>): RateProbe {
  const passive = { perMinute: 0, burst: 1, passive: true } as const;
  const rate = { kind: 'rate', id, ...objective, ...passive } as const;
  if (slowerThanMs === undefined) return { ...rate, bound: `5xx < ${inPercent(objective.p0)}` };
  return { ...rate, bound: percentile(objective.p0, slowerThanMs), slowerThanMs };
}

function boundInWords(probe: Exclude<ProbeConfig, { kind: 'fixture' | 'traffic' }>): RateProbe['bound'] {
  const { p0 } = probe.objective;
  return probe.kind === 'success' ? `errors < ${inPercent(p0)}` : percentile(p0, probe.boundMs);
}

function percentile(p0: number, boundMs: number): string {
  return `p${decimal(100 * (1 - p0))} < ${inTime(boundMs)}`;
}

function inTime(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${decimal(ms / 1_000)} s`;
}

function inPercent(share: number): string {
  return `${decimal(100 * share)} %`;
}

/** At most three decimals, so that 1 − 0.05 reads 95. */
function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}

import { inTimeOf } from '../lambda/prober/bounds';
import { type GateConfig, gateConfigFor, type ProberConfig } from '../lib/model/gate-config';
import { probeSpec } from '../lib/model/plan-for';
import { resolve } from '../lib/model/resolve';
import type { SystemModel } from '../lib/model/system';
import { coach } from '../systems/coach';

/** Real time that starting the services may take, whatever a minute is. */
const ASSEMBLY_MS = 45_000;
/** Real time that a sample's answer may be on its way besides its bound. */
const SLACK_MS = 500;
/** Share of its minute over which the prober spreads its samples. */
const SPREAD = 0.8;
/** What a person's hold may take in AWS, a rehearsal does not wait for. */
const ROOM_MIN = 5;

/** Environments that have a canary to rehearse. */
export const REHEARSED_ENVS = ['prod', 'staging'] as const;
export type RehearsedEnv = (typeof REHEARSED_ENVS)[number];

/** The system that is rehearsed, and what compressed time makes of its configuration. */
export interface ClusterPlan {
  readonly model: SystemModel;
  readonly gate: GateConfig;
  readonly hookTimeoutMinutes: number;
}

/**
 * @param env whose rollout is rehearsed
 * @param minuteMs how long one minute of the release takes
 */
export function clusterPlan(env: RehearsedEnv, minuteMs: number): ClusterPlan {
  const model = resolve(coach, env);
  const gate = gateConfigFor(model);
  const rendezvousMin = Math.max(gate.rendezvousMin, Math.ceil(ASSEMBLY_MS / minuteMs));
  return {
    model,
    gate: {
      ...gate,
      plan: { ...atRest(gate.plan), probes: model.probes.map((probe) => probeSpec(inTimeOf(probe, minuteMs))) },
      minuteMs,
      rendezvousMin,
      closeAfterMin: closeAfterMin(model, minuteMs, gate.closeAfterMin),
    },
    hookTimeoutMinutes: rendezvousMin + gate.plan.hardStopMin + ROOM_MIN,
  };
}

/**
 * A minute of a second and a half has forty times as many samples a second as one in AWS. So only evidence, or want of a
 * certificate, calls for bursts here: those of every release's first and last minutes would measure this machine.
 */
function atRest(plan: GateConfig['plan']): GateConfig['plan'] {
  return { ...plan, burst: { ...plan.burst, openingMin: 0, closingMin: 0, evidence: 1.5 } };
}

/**
 * Minutes after its end at which a minute is judged.
 *
 * A sample that is lost is known to be so only after its bound. Bounds are not compressed below a second, so short minutes must
 * wait for more of their kind.
 */
function closeAfterMin({ probes }: SystemModel, minuteMs: number, least: number): number {
  const lastAnswerMs = SPREAD * minuteMs + Math.max(...Object.values(boundsIn(probes, minuteMs))) + SLACK_MS;
  return Math.max(least, lastAnswerMs / minuteMs - 1 + 0.5);
}

/** Bound of each probe that has one, in milliseconds, in the time of its minute. */
export function boundsIn(probes: SystemModel['probes'], minuteMs: number): Readonly<Record<string, number>> {
  const inTime = probes.map((probe) => inTimeOf(probe, minuteMs));
  return Object.fromEntries(inTime.flatMap((probe) => ('boundMs' in probe ? [[probe.id, probe.boundMs]] : [])));
}

export function proberConfig(
  { model, gate }: ClusterPlan,
  urls: Pick<ProberConfig, 'productionUrl' | 'testUrl' | 'innerUrls'>,
): ProberConfig {
  return { system: model.name, env: model.env, minuteMs: gate.minuteMs, probes: model.probes, ...urls };
}

import { type PlanTemplate, planTemplate } from './plan-for';
import type { ProbeConfig, SystemModel } from './system';

/** Environment variables that constructs set and handlers read: the one list for both sides. */
export const GATE_VARIABLES = {
  /** A {@link GateConfig} as JSON. */
  config: 'GATE_CONFIG',
  ledgerBucket: 'GATE_LEDGER_BUCKET',
  pointerParameter: 'GATE_POINTER_PARAMETER',
  metricNamespace: 'GATE_METRIC_NAMESPACE',
  cluster: 'GATE_CLUSTER',
  canaryWorkers: 'GATE_CANARY_WORKERS',
  noticeTopic: 'GATE_NOTICE_TOPIC',
  proberFunction: 'GATE_PROBER_FUNCTION',
  proberSchedule: 'GATE_PROBER_SCHEDULE',
} as const;

/** What the gate must know of a system in an environment. Carried whole in one variable; a kilobyte or two. */
export interface GateConfig {
  readonly system: string;
  readonly env: string;
  /** Services on the release path, the front first. */
  readonly services: readonly { readonly name: string; readonly lane: 'front' | 'inner' }[];
  /** Tasks of the canary workers while a release is judged; 0 if the system has no workers. */
  readonly canaryWorkers: number;
  readonly plan: PlanTemplate;
  /** Length of one judged minute: 60,000 but in a rehearsal. */
  readonly minuteMs: number;
  /** Minutes after its end at which a minute counts as closed, so that late metrics are in. */
  readonly closeAfterMin: number;
  /** Minutes the front waits for the inner services; then the missing one counts as broken. */
  readonly rendezvousMin: number;
  /** Minutes after which nobody follows the pointer any more, whatever became of the gate. */
  readonly pointerMin: number;
}

/** Lateness that CloudWatch is given before a minute is judged. @see docs/gate.md */
const CLOSE_AFTER_MIN = 1.5;
const RENDEZVOUS_MIN = 15;

/** @throws Error if the environment releases without a canary */
export function gateConfigFor(model: SystemModel): GateConfig {
  const { rollout, front, services, probes, name, env } = model;
  if (rollout.kind !== 'canary')
    throw new Error(`${name}/${env}: rollout: expected "canary", got "${rollout.kind}"; no gate stands there`);
  const webs = Object.values(services).filter(({ kind }) => kind === 'web');
  const inFront = (service: { name: string }) => Number(service.name !== front);
  return {
    ...{ system: name, env, canaryWorkers: canaryWorkers(model) },
    services: webs
      .sort((a, b) => inFront(a) - inFront(b))
      .map((service) => ({ name: service.name, lane: service.name === front ? 'front' : 'inner' })),
    plan: planTemplate(rollout, probes),
    ...{ minuteMs: 60_000, closeAfterMin: CLOSE_AFTER_MIN, rendezvousMin: RENDEZVOUS_MIN },
    pointerMin: hookTimeoutMin(model),
  };
}

/** The canary's percent of the workers that run when nothing is being deployed, and at least one. */
function canaryWorkers({ rollout, services }: SystemModel): number {
  const workers = Object.values(services).filter(({ kind }) => kind === 'worker');
  if (workers.length === 0 || rollout.kind !== 'canary') return 0;
  const running = workers.reduce((sum, { size }) => sum + size.minCount, 0);
  return Math.max(1, Math.ceil((running * rollout.percent) / 100));
}

/** Longest that any hook of a release may wait, in minutes: ECS then rolls back. Rendezvous, the judged time, and room for a hold. */
export function hookTimeoutMin({ rollout }: Pick<SystemModel, 'rollout'>): number {
  const judged = rollout.kind === 'canary' ? rollout.plan.hardStopMin : 0;
  return RENDEZVOUS_MIN + 4 * judged;
}

/** What the prober must know, in the prober's own variable. */
export interface ProberConfig {
  readonly system: string;
  readonly env: string;
  readonly minuteMs: number;
  readonly probes: readonly ProbeConfig[];
  /** The production entrance, as users reach it behind the CDN, and the canary's own entrance. */
  readonly productionUrl: string;
  readonly testUrl: string;
  /** Entrances of the inner services' test rules, for smoke tests, by service. */
  readonly innerUrls: Readonly<Record<string, string>>;
}

export const PROBER_VARIABLES = {
  /** A {@link ProberConfig} as JSON. */
  config: 'PROBER_CONFIG',
  gateFunction: 'PROBER_GATE_FUNCTION',
  metricNamespace: 'GATE_METRIC_NAMESPACE',
  /** Secret with `{ user, password }` of the probe account. */
  account: 'PROBER_ACCOUNT_SECRET',
} as const;

import type { ExactProbe, PlanV2, RateProbe } from './gate-plan';
import type { PlanConstants } from './system';

/** Constants of a plan that an environment does not choose itself. Each is argued in docs/gate.md. */
export const PLAN_CONSTANTS: PlanConstants = {
  alpha: 0.01,
  beta: 0.05,
  bakeMin: 30,
  hardStopMin: 45,
  burnInMin: 2,
  tailMin: 15,
  corroboration: 2,
  burnInCorroboration: 4,
  outage: { limit: 0.3, weight: 0.15, restart: 1 / 128 },
  mute: { minBreaches: 2, factor: 2 },
  coverage: 0.8,
  burst: { evidence: 0.2, openingMin: 5, closingMin: 5, lateFromMin: 10 },
  recent: { minutes: 5, evidence: 1 },
  finalBakeCorroboration: 4,
  onHardStop: 'rollback',
};

/** Sign in, as every user does first. */
export const LOGIN: RateProbe = {
  kind: 'rate',
  id: 'login',
  bound: 'p95 < 250 ms',
  p0: 0.05,
  pTol: 0.08,
  typical: 0.02,
  mustCatch: 0.1,
  perMinute: 20,
  burst: 3,
  weight: 0.3,
};

/** From the outbox row to the event on the websocket: late, lost, twice or out of order is a breach. */
export const REFLECT: RateProbe = {
  kind: 'rate',
  id: 'reflect',
  bound: 'p95 < 3 s',
  p0: 0.05,
  pTol: 0.1,
  typical: 0.02,
  mustCatch: 0.2,
  perMinute: 10,
  burst: 3,
  weight: 0.3,
};

/** A job that must reach 100 %. */
export const IMPORT: RateProbe = {
  kind: 'rate',
  id: 'import',
  bound: 'p90 < 60 s',
  p0: 0.1,
  pTol: 0.25,
  typical: 0.03,
  mustCatch: 0.5,
  perMinute: 2,
  burst: 2,
  weight: 0.15,
};

/** Every request and handshake of the other probes: transport error, timeout or 5xx is a breach. */
export const SUCCESS: RateProbe = {
  kind: 'rate',
  id: 'success',
  bound: 'errors < 1 %',
  p0: 0.01,
  pTol: 0.03,
  typical: 0.002,
  mustCatch: 0.05,
  perMinute: 30,
  burst: 3,
  weight: 0.25,
};

/** Real users' requests as the load balancer counts them. Nothing is scheduled, so it cannot lack data. */
export const TRAFFIC: RateProbe = {
  kind: 'rate',
  id: 'traffic',
  bound: '5xx < 1 %',
  p0: 0.01,
  pTol: 0.03,
  typical: 0.002,
  mustCatch: 0.05,
  perMinute: 0,
  burst: 1,
  weight: 0.3,
  passive: true,
};

/** A fixture whose answer is known to the byte. */
export const AI: ExactProbe = {
  kind: 'exact',
  id: 'ai',
  bound: 'same answer to the fixture',
  perMinute: 1,
  burst: 1,
  confirm: 2,
};

/** The plan of a whole release with the four scheduled rate probes and the exact one. */
export const DEFAULT_PLAN: PlanV2 = {
  version: 2,
  release: 'canary',
  stable: 'stable',
  ...PLAN_CONSTANTS,
  finalBakeMin: 10,
  hotfix: false,
  probes: [LOGIN, REFLECT, IMPORT, SUCCESS, AI],
};

/**
 * The plan of the benchmark: one probe, and the budget that other systems use. It is wide enough for an outage to be seen in
 * one minute, and so wide that a cold start must be met with more patience.
 */
export const BENCH_PLAN: PlanV2 = {
  ...DEFAULT_PLAN,
  alpha: 0.05,
  burnInCorroboration: 5,
  outage: { ...PLAN_CONSTANTS.outage, weight: 0.36 },
  probes: [{ ...LOGIN, weight: 1 }],
};

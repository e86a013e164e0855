import { AI, IMPORT, LOGIN, REFLECT, SUCCESS } from './gate-defaults';
import type { PlanV1 } from './gate-plan';

/** Plans as they were before version 2: what old ledgers hold, and what the first test vectors were computed with. */
export const DEFAULT_PLAN_V1: PlanV1 = {
  version: 1,
  release: 'canary',
  stable: 'stable',
  alpha: 0.01,
  beta: 0.05,
  bakeMin: 30,
  hardStopMin: 45,
  burnInMin: 3,
  tailMin: 15,
  corroboration: 2,
  burnInCorroboration: 3,
  outage: { limit: 0.3, weight: 0.15, restart: 1 / 64 },
  mute: { minBreaches: 2, factor: 2 },
  coverage: 0.8,
  burst: { evidence: 1.5, lateFromMin: 10 },
  onHardStop: 'rollback',
  hotfix: false,
  probes: [LOGIN, REFLECT, IMPORT, SUCCESS, AI],
};

export const BENCH_PLAN_V1: PlanV1 = {
  ...DEFAULT_PLAN_V1,
  alpha: 0.05,
  burnInMin: 0,
  probes: [{ ...LOGIN, weight: 1 }],
};

import type { LifecycleStage } from '../../lambda/gate/hook';
import type { DeploymentStatus } from '../../lambda/gate/ports';

/** Stages that ECS passes by itself, without any hook. */
export type Stage = LifecycleStage | 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP';

export type Happened =
  | { readonly kind: 'status'; readonly status: DeploymentStatus; readonly reason?: string }
  | { readonly kind: 'stage'; readonly stage: Stage }
  /** `SUCCEEDED`, `FAILED`, or `IN_PROGRESS, 60 s`. */
  | { readonly kind: 'answer'; readonly stage: LifecycleStage; readonly answer: string }
  /** Production weight of the release. */
  | { readonly kind: 'weight'; readonly percent: number }
  /** A task ended, or could not be started. */
  | { readonly kind: 'task'; readonly what: string }
  /** Workers wanted. */
  | { readonly kind: 'scale'; readonly count: number };

/** Something that happened to a service, for the timeline. */
export type Happening = { readonly service: string; readonly release: string } & Happened;

export type Observe = (happening: Happening) => void;

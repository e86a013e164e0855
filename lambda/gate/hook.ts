/** Stages of an ECS service deployment at which the gate is called. */
export type LifecycleStage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT';

/**
 * What ECS sends to a lifecycle hook.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
export interface HookEvent {
  readonly executionId: string;
  readonly lifecycleStage: LifecycleStage;
  /** ARN of the service deployment. */
  readonly resourceArn: string;
  readonly executionDetails: {
    readonly serviceArn: string;
    readonly targetServiceRevisionArn: string;
    /** Percent by service revision; empty at stages that move no traffic. */
    readonly testTrafficWeights: Readonly<Record<string, number>>;
    readonly productionTrafficWeights: Readonly<Record<string, number>>;
  };
  /** What the service's definition says of itself, merged with the hook's last IN_PROGRESS answer. */
  readonly hookDetails?: { readonly service?: string; readonly lane?: Lane };
}

/** The front service takes the users' share; an inner one is reached only through the canary's own calls. */
export type Lane = 'front' | 'inner';

export interface HookAnswer {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  /** Seconds until ECS asks again; only with IN_PROGRESS. */
  readonly callBackDelay?: number;
}

import {
  type DeploymentLifecycleHookTargetConfig,
  DeploymentLifecycleStage,
  type IDeploymentLifecycleHookTarget,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** The enum of aws-cdk-lib 2.276 lacks this stage; its values are rendered as they are. */
const PRE_PRODUCTION_TRAFFIC_SHIFT = 'PRE_PRODUCTION_TRAFFIC_SHIFT' as unknown as DeploymentLifecycleStage;

/** At TEST_ and PRODUCTION_TRAFFIC_SHIFT ECS asks again while it rolls back, and a hook there could only be in its way. */
const STAGES = [
  DeploymentLifecycleStage.PRE_SCALE_UP,
  DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT,
  PRE_PRODUCTION_TRAFFIC_SHIFT,
];

/** The gate as a lifecycle hook, by a role that may call it from the first deployment on. */
export class GateHook implements IDeploymentLifecycleHookTarget {
  constructor(
    private readonly functionArn: string,
    private readonly role: IRole,
  ) {}

  bind(): DeploymentLifecycleHookTargetConfig {
    return { targetArn: this.functionArn, role: this.role, lifecycleStages: STAGES };
  }
}

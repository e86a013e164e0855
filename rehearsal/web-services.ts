import type { LifecycleStage } from '../lambda/gate/hook';
import type { ClusterPlan } from './cluster-plan';
import { type Strategy, WebService } from './controller/web-service';
import { type Entrances, PRODUCTION_RULE, TEST_RULE } from './front-door';

/** Stages at which the gate is called; none that ECS goes through again on its way back. */
const GATED: readonly LifecycleStage[] = ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'];
/** An inner service can follow the front back as long as its old tasks still stand. */
const INNER_BAKE_FACTOR = 2;

/** The services behind the balancer as the stacks define them, first the front, each with one task a revision. */
export function webServices(plan: ClusterPlan, entrances: Readonly<Record<string, Entrances>>): readonly WebService[] {
  const { gate, model, hookTimeoutMinutes } = plan;
  const { rollout } = model;
  if (rollout.kind !== 'canary') throw new Error(`${model.name}/${model.env}: no canary to rehearse`);
  const canary = { kind: 'CANARY', percent: rollout.percent, stepBakeMinutes: gate.plan.bakeMin, bakes: 'before-hook' };
  return gate.services.map(({ name, lane }) => {
    const { groups, production, test } = entrances[name]!;
    return new WebService({
      ...{ name, lane, groups, hookTimeoutMinutes, hooks: GATED, tasks: 1 },
      strategy: lane === 'front' ? (canary as Strategy) : { kind: 'BLUE_GREEN' },
      finalBakeMinutes: rollout.finalBakeMinutes * (lane === 'front' ? 1 : INNER_BAKE_FACTOR),
      production: { listener: production, rule: PRODUCTION_RULE },
      test: { listener: test, rule: TEST_RULE },
    });
  });
}

import type { Lane, LifecycleStage } from '../../lambda/gate/hook';
import type { Listener } from '../router/listener';
import type { TargetGroup } from '../router/target-group';
import type { TaskSet } from './task-set';

/** How a service's traffic moves to a new revision. */
export type Strategy = CanaryStrategy | { readonly kind: 'BLUE_GREEN' };

export interface CanaryStrategy {
  readonly kind: 'CANARY';
  readonly percent: number;
  readonly stepBakeMinutes: number;
  /** AWS does not say when the step bakes: before the hook that precedes 100 %, beside it, or after it. */
  readonly bakes: 'before-hook' | 'beside-hook' | 'after-hook';
}

/** A listener rule that ECS owns the weights of. */
export interface RuleAt {
  readonly listener: Listener;
  readonly rule: string;
}

/** A service behind the balancer as its definition has it. */
export interface WebServiceDefinition {
  readonly name: string;
  readonly lane: Lane;
  readonly strategy: Strategy;
  readonly finalBakeMinutes: number;
  readonly tasks: number;
  /** Stages at which the gate is called. */
  readonly hooks: readonly LifecycleStage[];
  readonly hookTimeoutMinutes: number;
  readonly production: RuleAt;
  readonly test: RuleAt;
  /** They swap roles at every deployment. */
  readonly groups: readonly [TargetGroup, TargetGroup];
}

/** ECS writes weights as parts of a thousand. */
const WHOLE = 1_000;

/** A service behind the balancer, with the revision that serves now. */
export class WebService {
  /** The revision that serves; undefined before the first deployment. */
  live: TaskSet | undefined;

  constructor(readonly definition: WebServiceDefinition) {}

  get name(): string {
    return this.definition.name;
  }

  /**
   * The group with the production weight, read from the rule as ECS reads it, and the other one.
   *
   * @throws Error when not exactly one group has weight
   */
  groups(): { readonly live: TargetGroup; readonly other: TargetGroup } {
    const { production, groups } = this.definition;
    const weights = production.listener.weightsOf(production.rule);
    const serving = groups.filter(({ name }) => (weights[name] ?? 0) > 0);
    if (serving.length !== 1) {
      throw new Error(
        `productionListenerRule of ${this.name} should have exactly one target group serving traffic but found ${serving.length}`,
      );
    }
    return { live: serving[0]!, other: groups.find((group) => group !== serving[0])! };
  }

  /** @param percent what `to` gets; the other group keeps the rest */
  shift(rule: 'production' | 'test', to: TargetGroup, percent: number): void {
    const { listener, rule: name } = this.definition[rule];
    const from = this.definition.groups.find((group) => group !== to)!;
    const weight = Math.round((percent / 100) * WHOLE);
    listener.setWeights(name, { [to.name]: weight, [from.name]: WHOLE - weight });
  }
}

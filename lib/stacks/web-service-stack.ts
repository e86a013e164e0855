import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { Entrance } from '../constructs/entrance';
import { type GatedRelease, WebService } from '../constructs/web-service';
import { hookTimeoutMin } from '../model/gate-config';
import { FRONT_TEST_PORT, listenerPort } from '../model/listeners';
import { physicalName } from '../model/names';
import type { Service } from '../model/system';
import { capacityOf, type Ground, serviceTask } from './services';

export interface WebServiceStackProps extends StackProps, Ground {
  readonly service: Service;
}

/** An inner service stays ready for longer than the front, so that it can still follow a front that goes back. */
const INNER_BAKES = 2;

/** One service behind the balancer. Redeployed by every release; the service is the last thing in it, and nothing follows. */
export class WebServiceStack extends Stack {
  readonly entrance: Entrance;
  /** Its service's name. */
  readonly service: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: WebServiceStackProps,
  ) {
    super(scope, id, props);
    const { service, model, network } = props;
    const { name, port = 0 } = service;
    this.service = name;
    this.entrance = this.defineEntrance(port);
    new WebService(this, 'Service', {
      ...{ name, port, cluster: network.cluster, entrance: this.entrance, release: this.release() },
      group: network.reach.of(this, name),
      definition: serviceTask(this, service, props),
      capacity: capacityOf(service, model.tier),
    });
  }

  private defineEntrance(port: number): Entrance {
    const { service, model, network } = this.props;
    const production = network.balancer.listener(this, listenerPort(model, service.name));
    const isFront = service.role === 'front';
    return new Entrance(this, 'Entrance', {
      ...{ vpc: network.network.vpc, port, production },
      balancer: network.balancer.balancer.loadBalancerFullName,
      test: model.rollout.kind === 'canary' ? this.test(isFront, production) : undefined,
    });
  }

  /** The front's is a listener of its own, which the prober alone reaches; an inner one opens to any release that names itself. */
  private test(isFront: boolean, production: IApplicationListener) {
    const { network } = this.props;
    return isFront
      ? { listener: network.balancer.listener(this, FRONT_TEST_PORT), header: 'canary' }
      : { listener: production, header: '?*' };
  }

  private release(): GatedRelease | undefined {
    const { model, gate, service } = this.props;
    const { rollout } = model;
    if (rollout.kind !== 'canary' || !gate.gate) return undefined;
    const lane = service.role === 'front' ? 'front' : 'inner';
    const { handler, hookRole } = gate.gate;
    const alarm = (what: string) => physicalName(model, `release-${service.name}-${what}`);
    return {
      ...{ lane, percent: rollout.percent, bake: Duration.minutes(rollout.plan.bakeMin) },
      finalBake: Duration.minutes(rollout.finalBakeMinutes * (lane === 'front' ? 1 : INNER_BAKES)),
      hook: { functionArn: handler.functionArn, role: hookRole, timeout: Duration.minutes(hookTimeoutMin(model)) },
      ...{
        tell: gate.notices,
        sharedAlarms: gate.alarmNames,
        ownAlarms: { errors: alarm('errors'), latency: alarm('latency') },
      },
    };
  }
}

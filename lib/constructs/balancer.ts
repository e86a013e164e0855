import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  DesyncMitigationMode,
  type IApplicationListener,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from './acknowledge';

export interface BalancerProps {
  readonly vpc: IVpc;
  readonly group: ISecurityGroup;
  readonly certificate: ICertificate;
  /** Ports to listen on; which service stands behind one is the service's matter. */
  readonly ports: readonly number[];
  readonly logs: IBucket;
  readonly protect: boolean;
}

const FIREWALL_BEFORE: Accepted = {
  ids: ['NIST.800.53.R5-ALBWAFEnabled'],
  why: 'It is internal; the internet reaches it through the CDN alone.',
  instead:
    "the firewall, or where there is none the list of addresses, stands at the CDN, and this balancer's group admits no other.",
  again: 'when something else may reach it.',
};

const THROW_AWAY: Accepted = {
  ids: ['NIST.800.53.R5-ELBDeletionProtectionEnabled'],
  why: 'The environment is deleted and made again at will.',
  instead: 'protection where data is kept.',
  again: 'when somebody outside depends on it.',
};

/** The one way in: an internal balancer, a listener for each port, and 404 for whoever fits no rule. */
export class Balancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  private readonly listeners: ReadonlyMap<number, ApplicationListener>;

  constructor(scope: Construct, id: string, { vpc, group, certificate, ports, logs, protect }: BalancerProps) {
    super(scope, id);
    this.balancer = new ApplicationLoadBalancer(this, 'Alb', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      internetFacing: false,
      securityGroup: group,
      deletionProtection: protect,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
      idleTimeout: Duration.seconds(300), // websockets ping every 30 s
    });
    acknowledge(this.balancer, FIREWALL_BEFORE, ...(protect ? [] : [THROW_AWAY]));
    this.balancer.logAccessLogs(logs, 'balancer');
    this.balancer.logConnectionLogs(logs, 'balancer');
    this.listeners = new Map(ports.map((port) => [port, this.listen(port, certificate)]));
  }

  /** The listener of a port, as another stack sees it. */
  listener(scope: Construct, port: number): IApplicationListener {
    return ApplicationListener.fromApplicationListenerAttributes(scope, `Listener${port}`, {
      listenerArn: this.listeners.get(port)!.listenerArn,
      securityGroup: this.balancer.connections.securityGroups[0]!,
    });
  }

  private listen(port: number, certificate: ICertificate): ApplicationListener {
    return this.balancer.addListener(`Port${port}`, {
      port,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: SslPolicy.TLS13_12_RES_PQ,
      open: false,
      defaultAction: ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'no such place' }),
    });
  }
}

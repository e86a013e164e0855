import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { INTERNET, type Way } from '../model/reach';

export interface ReachabilityProps {
  readonly vpc: IVpc;
  readonly ways: readonly Way[];
}

/** One security group for each name in the ways, and one rule at either end of each way: nothing else may be reached. */
export class Reachability extends Construct {
  private readonly groups = new Map<string, SecurityGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReachabilityProps,
  ) {
    super(scope, id);
    for (const { from, to, port } of props.ways) {
      const target = Port.tcp(port);
      if (to === INTERNET) this.own(from).addEgressRule(Peer.anyIpv4(), target, 'APIs by way of the NAT');
      else this.own(from).connections.allowTo(this.own(to), target, `${from} to ${to}`);
    }
  }

  /** The group of a name, as another stack sees it: no construct adds rules of its own. */
  of(scope: Construct, name: string): ISecurityGroup {
    const { securityGroupId } = this.own(name);
    return SecurityGroup.fromSecurityGroupId(scope, `Group-${name}`, securityGroupId, { mutable: false });
  }

  private own(name: string): SecurityGroup {
    const known = this.groups.get(name);
    if (known) return known;
    const group = new SecurityGroup(this, name, {
      ...{ vpc: this.props.vpc, allowAllOutbound: false, description: name },
    });
    this.groups.set(name, group);
    return group;
  }
}

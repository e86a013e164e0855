import { FRONT_PORT } from '../../lib/model/listeners';
import { BALANCER, INTERNET, type Way, waysOf } from '../../lib/model/reach';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those } from './resources';

/** What no group of ours is: CloudFront's own, found when it is deployed. */
const CDN = 'the CDN';

/** Everybody reaches what the model says, and nobody anything else. */
export function reachFaults(assembly: Assembly): readonly Fault[] {
  const ways = [...waysOf(assembly.model), { from: CDN, to: BALANCER, port: FRONT_PORT }];
  const expected = new Set(ways.map(inWords));
  const everybody = new Set(ways.flatMap(({ from, to }) => [from, to]));
  // what stands apart from all of them, as a copy that is masked does, is no matter of theirs
  const found = waysIn(assembly).filter(({ from, to }) => everybody.has(from) || everybody.has(to));
  const there = new Set(found.map(({ way }) => way));
  return [
    ...found
      .filter(({ way }) => !expected.has(way))
      .map(({ rule, way }) => fault('reach', rule, `${way}, which nobody asked for`)),
    ...[...expected]
      .filter((way) => !there.has(way) && !way.includes(INTERNET))
      .map((way) => fault('reach', { stack: assembly.stacks[0]!, id: 'security groups' }, `not ${way}`)),
    ...all(assembly, 'AWS::ECS::Service').flatMap(publicAddress),
    ...all(assembly, 'AWS::EC2::SecurityGroup').flatMap(waysOut),
    ...all(assembly, 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress').flatMap(openToAll),
    ...all(assembly, 'AWS::EC2::Subnet').flatMap((subnet) => routeFaults(assembly, subnet)),
    ...overlaps(assembly),
    ...places(assembly),
  ];
}

function inWords({ from, to, port }: Way): string {
  return `${from} to ${to}:${port}`;
}

interface WayIn {
  readonly from: string;
  readonly to: string;
  readonly way: string;
  readonly rule: Placed;
}

function waysIn(assembly: Assembly): readonly WayIn[] {
  const groups = all(assembly, 'AWS::EC2::SecurityGroup');
  const names = new Map(
    groups.map(({ stack, id, Properties }) => [`${stack.name}/${id}`, Properties.GroupDescription]),
  );
  const named = ({ stack }: Placed, value: unknown) => names.get(follow(assembly, stack, value).split('.')[0]!) ?? CDN;
  return all(assembly, 'AWS::EC2::SecurityGroupIngress').map((rule) => {
    const { GroupId, SourceSecurityGroupId, FromPort, ToPort, IpProtocol } = rule.Properties;
    const port = IpProtocol === 'tcp' && FromPort === ToPort ? ToPort : `${IpProtocol} ${FromPort}-${ToPort}`;
    const [from, to] = [named(rule, SourceSecurityGroupId), named(rule, GroupId)];
    return { rule, from, to, way: `${from} to ${to}:${port}` };
  });
}

function publicAddress(service: Placed): readonly Fault[] {
  const { AssignPublicIp } = service.Properties.NetworkConfiguration?.AwsvpcConfiguration ?? {};
  return AssignPublicIp === 'DISABLED' ? [] : [fault('reach', service, 'tasks with public addresses')];
}

/** Out of the VPC by TLS alone; a NAT forwards whatever it gets. */
function waysOut(group: Placed): readonly Fault[] {
  const rules: readonly Record<string, unknown>[] = group.Properties.SecurityGroupEgress ?? [];
  const isNat = /NAT/.test(group.Properties.GroupDescription);
  const wide = rules.some(
    ({ CidrIp, FromPort, ToPort, IpProtocol }) =>
      CidrIp === '0.0.0.0/0' && IpProtocol !== 'icmp' && !(FromPort === 443 && ToPort === 443),
  );
  return those([wide && !isNat, 'a way out of the VPC by another port than 443']).map((text) =>
    fault('reach', group, text),
  );
}

const ANYWHERE = ['0.0.0.0/0', '::/0'];

function openToAll(group: Placed): readonly Fault[] {
  const rules = group.Properties.SecurityGroupIngress ?? [group.Properties];
  const open = rules.some(({ CidrIp, CidrIpv6 }: Record<string, string>) =>
    ANYWHERE.includes(CidrIp ?? CidrIpv6 ?? ''),
  );
  return open ? [fault('network', group, 'anybody may come in')] : [];
}

type Kind = 'Public' | 'Private' | 'Isolated';

function kindOf(subnet: Placed | undefined): Kind | undefined {
  const tags: readonly { Key: string; Value: Kind }[] = subnet?.Properties.Tags ?? [];
  return tags.find(({ Key }) => Key === 'aws-cdk:subnet-type')?.Value;
}

/** Public subnets by the gateway, private ones by one NAT, and those of the stores not at all. */
function routeFaults(assembly: Assembly, subnet: Placed): readonly Fault[] {
  const at = `${subnet.stack.name}/${subnet.id}`;
  const tables = all(assembly, 'AWS::EC2::SubnetRouteTableAssociation')
    .filter(({ stack, Properties }) => follow(assembly, stack, Properties.SubnetId) === at)
    .map(({ stack, Properties }) => follow(assembly, stack, Properties.RouteTableId));
  const routes = all(assembly, 'AWS::EC2::Route')
    .filter(({ stack, Properties }) => tables.includes(follow(assembly, stack, Properties.RouteTableId)))
    .map(({ Properties }) => Properties);
  const kind = kindOf(subnet);
  const byGateway = routes.some(({ GatewayId }) => GatewayId);
  const byNat = routes.filter(({ NatGatewayId, InstanceId, NetworkInterfaceId }) =>
    Boolean(NatGatewayId ?? InstanceId ?? NetworkInterfaceId),
  );
  return those(
    [kind !== 'Public' && byGateway, 'a private subnet with a route to the internet gateway'],
    [kind === 'Private' && byNat.length !== 1, `${byNat.length} ways to a NAT, expected one`],
    [kind === 'Isolated' && routes.length > 0, 'a way out of the subnets of the stores'],
  ).map((text) => fault('network', subnet, text));
}

function overlaps(assembly: Assembly): readonly Fault[] {
  const ranges = all(assembly, 'AWS::EC2::Subnet')
    .map((subnet) => ({ subnet, range: rangeOf(subnet.Properties.CidrBlock) }))
    .sort((a, b) => a.range.first - b.range.first);
  return ranges
    .filter(({ range }, i) => i > 0 && range.first <= ranges[i - 1]!.range.last)
    .map(({ subnet }) => fault('network', subnet, `${subnet.Properties.CidrBlock} overlaps with another subnet`));
}

function rangeOf(cidr: string): { readonly first: number; readonly last: number } {
  const [address = '', bits] = cidr.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}

/** Stores where nothing leads out, tasks and the balancer where only the NAT does. */
function places(assembly: Assembly): readonly Fault[] {
  const wrong = (placed: Placed, ids: readonly unknown[], wanted: Kind) =>
    ids.some((id) => kindOf(target(assembly, placed.stack, id)) !== wanted)
      ? [fault('network', placed, `in other subnets than ${wanted.toLowerCase()} ones`)]
      : [];
  return [
    ...all(assembly, 'AWS::RDS::DBSubnetGroup', 'AWS::ElastiCache::SubnetGroup').flatMap((group) =>
      wrong(group, group.Properties.SubnetIds, 'Isolated'),
    ),
    ...all(assembly, 'AWS::ECS::Service').flatMap((service) =>
      wrong(service, service.Properties.NetworkConfiguration?.AwsvpcConfiguration?.Subnets ?? [], 'Private'),
    ),
    ...all(assembly, 'AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap((balancer) =>
      wrong(balancer, balancer.Properties.Subnets, 'Private'),
    ),
  ];
}

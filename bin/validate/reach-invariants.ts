import { FRONT_PORT } from '../../lib/model/listeners';
import { BALANCER, INTERNET, type Way, waysOf } from '../../lib/model/reach';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, those } from './resources';

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

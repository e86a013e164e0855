import type { Resource } from '../bill';
import type { Pricer, Setting } from '../charges';
import { HOURS_A_MONTH } from '../price-list';

const natGateway: Pricer = (_, { usage, resources }) => {
  const gateways = resources.filter(({ type }) => type === 'AWS::EC2::NatGateway').length;
  const gb = usage.natGb / gateways;
  return [
    { item: 'nat_gateway', quantity: HOURS_A_MONTH },
    { item: 'nat_gateway.data', quantity: gb, assumed: `${gb} GB` },
  ];
};

const address: Pricer = () => [{ item: 'public_ipv4', quantity: HOURS_A_MONTH }];

/** A NAT instance is the only instance there is; its address, volume and hours never stop. */
const instances: Pricer = (resource, setting) => [
  { item: `ec2.${instanceTypeOf(resource, setting)}`, quantity: HOURS_A_MONTH },
  { item: 'ebs.gp3', quantity: VOLUME_GIB, assumed: `${VOLUME_GIB} GiB, as the image has it` },
  { item: 'public_ipv4', quantity: HOURS_A_MONTH },
];

const VOLUME_GIB = 8;

interface LaunchTemplateData {
  readonly InstanceType: string;
}

function instanceTypeOf({ stack, properties }: Resource, { resources }: Setting): string {
  if (properties.InstanceType) return String(properties.InstanceType);
  const reference = JSON.stringify(properties.LaunchTemplate ?? {});
  const template = resources.find(
    ({ type, logicalId, ...known }) =>
      type === 'AWS::EC2::LaunchTemplate' && known.stack === stack && reference.includes(logicalId),
  );
  return (template!.properties.LaunchTemplateData as LaunchTemplateData).InstanceType;
}

const balancer: Pricer = ({ properties }, { usage: { balancerUnits: units } }) => {
  const kind = properties.Type === 'network' ? { hour: 'nlb', unit: 'nlb.nlcu' } : { hour: 'alb', unit: 'alb.lcu' };
  return [
    { item: kind.hour, quantity: HOURS_A_MONTH },
    { item: kind.unit, quantity: units * HOURS_A_MONTH, assumed: `${units} capacity units on average` },
  ];
};

const endpoint: Pricer = ({ properties }) => {
  if (properties.VpcEndpointType !== 'Interface') return [];
  const zones = (properties.SubnetIds as readonly unknown[] | undefined)?.length ?? 1;
  return [{ item: 'vpc_endpoint.interface', quantity: zones * HOURS_A_MONTH }];
};

const firewall: Pricer = ({ properties }, { usage: { firewallRequestsM: millions } }) => [
  { item: 'waf.web_acl', quantity: 1 },
  { item: 'waf.rule', quantity: (properties.Rules as readonly unknown[]).length },
  { item: 'waf.requests', quantity: millions, assumed: `${millions} million requests` },
];

const distribution: Pricer = (_, { usage: { firewallRequestsM: millions } }) => [
  {
    item: 'cloudfront.free.requests',
    quantity: millions,
    assumed: `${millions} million requests, within the free part`,
  },
];

export const networkCharges: Readonly<Record<string, Pricer>> = {
  'AWS::EC2::NatGateway': natGateway,
  'AWS::EC2::EIP': address,
  'AWS::EC2::Instance': instances,
  'AWS::AutoScaling::AutoScalingGroup': instances,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancer,
  'AWS::EC2::VPCEndpoint': endpoint,
  'AWS::WAFv2::WebACL': firewall,
  'AWS::CloudFront::Distribution': distribution,
  // A private namespace makes a hosted zone.
  'AWS::ServiceDiscovery::PrivateDnsNamespace': () => [{ item: 'route53.hosted_zone', quantity: 1 }],
  'AWS::Route53::HostedZone': () => [{ item: 'route53.hosted_zone', quantity: 1 }],
};
